/** `<notice-board data-url>` holds the list of notices: says new ones once, and marks them seen when it was looked at. */

import { toast } from "./announcing";
import { htmx } from "./htmx-set-up";

class NoticeBoard extends HTMLElement {
  readonly #said = new Set<string>();

  connectedCallback(): void {
    for (const id of this.#unseen().keys()) this.#said.add(id);
    this.addEventListener("htmx:afterSwap", () => this.#sayNew());
    this.closest("[popover]")?.addEventListener("toggle", (event) => {
      if ((event as ToggleEvent).newState === "closed") void this.#markSeen();
    });
  }

  #unseen(): Map<string, string> {
    const lines = [...this.querySelectorAll<HTMLElement>("[data-notice]")];
    return new Map(lines.map((line) => [line.dataset["notice"] ?? "", line.querySelector("a")?.textContent.trim() ?? ""]));
  }

  #sayNew(): void {
    for (const [id, sentence] of this.#unseen()) {
      if (!this.#said.has(id)) toast(sentence);
      this.#said.add(id);
    }
  }

  async #markSeen(): Promise<void> {
    const seen = [...this.#unseen().keys()];
    if (seen.length) await htmx.ajax("post", this.dataset["url"] ?? "", { target: "#notices-list", swap: "innerHTML", values: { notice: seen } });
  }
}

customElements.define("notice-board", NoticeBoard);
