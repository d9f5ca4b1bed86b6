/**
 * <recipient-check data-check="/drafts/…/recipients/"> … recipient fields … <p data-line> … </recipient-check>
 *
 * Asks the server about all recipients of a draft when they change, shows what it says on the chips, and writes the
 * line of the Delivery Slip that says for whom recall will work and who has no account yet.
 */

import type { Verdict } from "./recipients/chips";
import { RecipientField } from "./recipient-field";

const pause = 150;

export class RecipientCheck extends HTMLElement {
  #timer = 0;
  #asked: AbortController | undefined;

  connectedCallback(): void {
    this.addEventListener("recipients", () => {
      window.clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => void this.#ask(), pause);
    });
  }

  async #ask(): Promise<void> {
    this.#asked?.abort();
    this.#asked = new AbortController();
    const body = new FormData();
    for (const field of this.#fields()) {
      const input = field.querySelector<HTMLInputElement>("input[type=hidden]");
      if (input) body.set(input.name, input.value);
    }
    const token = this.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "";
    try {
      const answer = await fetch(this.dataset["check"] ?? "", {
        method: "POST",
        body,
        headers: { Accept: "application/json", "X-CSRFToken": token },
        signal: this.#asked.signal,
      });
      if (answer.ok && !answer.redirected) this.#show((await answer.json()) as { verdicts: Verdict[]; line: string });
    } catch {
      // Without a connection nothing is marked; the server checks again when the letter is sent.
    }
  }

  #show(said: { verdicts: Verdict[]; line: string }): void {
    for (const field of this.#fields()) {
      const own = new Set(field.recipients);
      field.show(said.verdicts.filter((verdict) => own.has(verdict.typed)));
    }
    const line = this.querySelector("[data-line]");
    if (line) line.textContent = said.line;
  }

  #fields(): RecipientField[] {
    return [...this.querySelectorAll<RecipientField>("recipient-field")];
  }
}

customElements.define("recipient-check", RecipientCheck);
