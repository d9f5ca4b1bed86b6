/** `<message-list>` keeps the open message marked, its heading in focus, and the list in step when it is fetched anew. */

import { toast } from "../../frame/islands/announcing";
import { askForChanges } from "../../frame/islands/page-changes";

class MessageList extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("keydown", (event) => this.#step(event));
    this.addEventListener("htmx:configRequest", (event) => this.#askForAllShown(event));
    this.addEventListener("htmx:afterSwap", () => this.#markOpen());
    document.body.addEventListener("htmx:load", (event) => {
      if (event.target instanceof HTMLElement && event.target.id === "reading") this.#messageCame();
    });
    document.body.addEventListener("letterlock:left", (event) => this.#messageLeft(event));
  }

  get #rows(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>(".row")];
  }

  #messageCame(): void {
    this.#markOpen();
    document.getElementById("letter-subject")?.focus({ preventScroll: true });
  }

  #markOpen(): void {
    const open = document.getElementById("reading")?.dataset["message"];
    for (const row of this.#rows) {
      if (open && row.id === `row-${open}`) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }

  #messageLeft(event: Event): void {
    const gone = this.querySelector<HTMLElement>(".row[aria-current]");
    const at = gone ? this.#rows.indexOf(gone) : 0;
    gone?.closest("li")?.remove();
    toast((event as CustomEvent<{ sentence: string }>).detail.sentence);
    // After the swap: focus goes to what took the row's place, so that the keyboard goes on from there.
    window.setTimeout(() => { (this.#rows[at] ?? this.#rows.at(-1) ?? document.getElementById("list-title"))?.focus(); });
    askForChanges();
  }

  /** Rows that "Older" brought stay when the list is fetched anew. */
  #askForAllShown(event: Event): void {
    const { detail } = event as CustomEvent<{ elt: HTMLElement; parameters: Record<string, string> }>;
    if (detail.elt.id === "rows") detail.parameters["shown"] = String(this.#rows.length);
  }

  #step(event: KeyboardEvent): void {
    const by = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    const at = this.#rows.findIndex((row) => row === document.activeElement);
    if (by === undefined || at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.#rows[at + by]?.focus();
  }
}

customElements.define("message-list", MessageList);
