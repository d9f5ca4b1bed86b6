/**
 * <send-secure> <form id="draft" hx-post="…/sending/" hx-trigger="send"> … <input type="hidden" name="invite"> </form> </send-secure>
 *
 * Lets the letter go as it stands, once however often one presses: what is still typed becomes a chip, the draft is
 * saved, then htmx posts the form. The server's questions ("New user detected", a letter without text) are dialogs whose
 * buttons belong to the same form and are named for what they agree to. Without script the form is posted as it is.
 */

import { DraftKeeper } from "./draft-keeper";
import { RecipientField } from "./recipient-field";

export class SendSecure extends HTMLElement {
  #isSending = false;

  connectedCallback(): void {
    this.addEventListener("submit", (event) => { this.#submit(event); });
    this.addEventListener("htmx:beforeOnLoad", (event) => { this.#answered(event as CustomEvent<{ xhr: XMLHttpRequest }>); });
    this.addEventListener("htmx:sendError", () => { this.#rest(); });
    this.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#button?.click();
    });
    document.addEventListener("click", (event) => { this.#back(event); });
  }

  #submit(event: SubmitEvent): void {
    const button = event.submitter as HTMLButtonElement | null;
    if (button?.dataset["does"] !== "send") {
      this.#keeper?.stop();
      return;
    }
    event.preventDefault();
    if (!this.#isSending) void this.#send(event.target as HTMLFormElement, button);
  }

  async #send(form: HTMLFormElement, button: HTMLButtonElement): Promise<void> {
    this.#isSending = true;
    if (this.#button) this.#button.ariaBusy = "true";
    for (const field of this.#fields) field.settle();
    const isSaved = (await this.#keeper?.save()) ?? true;
    if (!isSaved) {
      this.#rest();
      return;
    }
    agree(form, button);
    form.dispatchEvent(new Event("send"));
  }

  /** A letter that was sent leaves the page; any other answer is shown by htmx where it says. */
  #answered(event: CustomEvent<{ xhr: XMLHttpRequest }>): void {
    if (event.detail.xhr.getResponseHeader("HX-Redirect") === null) this.#rest();
    else this.#keeper?.stop();
    document.querySelector("#dialogs modal-dialog")?.remove();
  }

  #rest(): void {
    this.#isSending = false;
    if (this.#button) this.#button.ariaBusy = null;
  }

  /** "Back to the draft": nothing was sent; the new people are marked, or what was missing has the focus. */
  #back(event: Event): void {
    const back = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-does=back]") : null;
    if (!back) return;
    event.preventDefault();
    const typed = new Set(JSON.parse(back.dataset["typed"] ?? "[]") as string[]);
    // The dialog gives the focus back to the button first; then it goes to the first person who is new.
    const mark = (): void => { for (const field of this.#fields.reverse()) field.mark(typed); };
    const leave = (): void => { document.getElementById(back.dataset["leadsTo"] ?? "")?.focus(); };
    back.closest("dialog")?.addEventListener("close", back.dataset["leadsTo"] === undefined ? mark : leave, { once: true });
    back.closest("dialog")?.close();
  }

  get #fields(): RecipientField[] {
    return [...this.querySelectorAll<RecipientField>("recipient-field")];
  }

  get #keeper(): DraftKeeper | null {
    return this.querySelector("draft-keeper");
  }

  get #button(): HTMLButtonElement | null {
    return this.querySelector<HTMLButtonElement>("button[data-does=send]");
  }
}

/** "Send Secure" itself agrees to nothing; the answer to a question adds to what was agreed to before. */
function agree(form: HTMLFormElement, button: HTMLButtonElement): void {
  for (const name of ["invite", "unfinished"]) {
    // A question's button has the same name and belongs to the form as well, so `elements` would answer a list.
    const consent = form.querySelector<HTMLInputElement>(`input[name=${name}]`);
    if (consent === null) continue;
    if (button.name === "") consent.value = "";
    if (button.name === name) consent.value = button.value;
  }
}

customElements.define("send-secure", SendSecure);
