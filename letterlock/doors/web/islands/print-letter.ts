/**
 * `<print-letter data-url="/messages/…/printings/"> <button> </print-letter>` prints the page, and reports that it did:
 * before the browser's dialog opens, whether it was asked for here or by the browser's own menu.
 */

import { refuse } from "../../frame/islands/announcing";
import { askForChanges } from "../../frame/islands/page-changes";

class PrintLetter extends HTMLElement {
  #isReported = false;
  readonly #printing = (): void => { void this.#printed(); };

  connectedCallback(): void {
    this.querySelector("button")?.addEventListener("click", () => void this.#print());
    window.addEventListener("beforeprint", this.#printing);
  }

  disconnectedCallback(): void {
    window.removeEventListener("beforeprint", this.#printing);
  }

  /** The server is asked first: a message that was taken back meanwhile is not printed any more. */
  async #print(): Promise<void> {
    const answer = await this.#report();
    if (answer?.ok === true) {
      this.#isReported = true;
      window.print();
      this.#isReported = false;
    } else {
      const said = (await answer?.json().catch(() => undefined)) as { sentence?: string } | undefined;
      refuse(said?.sentence ?? this.dataset["unreachable"] ?? "");
    }
    askForChanges();
  }

  /** The browser's own menu waits for nobody; what is on the screen is on the paper. */
  async #printed(): Promise<void> {
    if (this.#isReported || document.querySelector("letter-opener[data-state=open]") === null) return;
    await this.#report();
    askForChanges();
  }

  async #report(): Promise<Response | undefined> {
    const token = document.querySelector<HTMLInputElement>("#letter-tools [name=csrfmiddlewaretoken]")?.value ?? "";
    const headers = { Accept: "application/json", "X-CSRFToken": token };
    return fetch(this.dataset["url"] ?? "", { method: "POST", headers, keepalive: true }).catch(() => undefined);
  }
}

customElements.define("print-letter", PrintLetter);
