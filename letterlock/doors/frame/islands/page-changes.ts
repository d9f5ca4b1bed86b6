/**
 * `<page-changes data-url data-since>` asks what changed, and has the named fragments fetched again.
 *
 * Every 5 seconds while visible, every 60 hidden, and no more after 30 minutes without input. A piece of page says
 * which fragment it is by `data-fragment` and fetches itself when it hears "changed".
 */

import { announce } from "./announcing";
import { htmx, ready } from "./htmx-set-up";

const visibleMilliseconds = 5_000;
const hiddenMilliseconds = 60_000;
const patienceMilliseconds = 30 * 60_000;
const wholePage = "page";

/** Ask at once: somebody has just done something whose traces should be seen. */
export function askForChanges(): void {
  document.dispatchEvent(new Event("letterlock:poll"));
}

class PageChanges extends HTMLElement {
  #since = 0;
  #timer = 0;
  #lastInput = Date.now();

  connectedCallback(): void {
    this.#since = Number(this.dataset["since"] ?? 0);
    for (const kind of ["pointerdown", "keydown", "focusin"]) document.addEventListener(kind, () => this.#stir(), { passive: true });
    document.addEventListener("visibilitychange", () => this.#plan(document.visibilityState === "visible" ? 0 : hiddenMilliseconds));
    document.addEventListener("letterlock:poll", () => this.#plan(0));
    void ready.then(() => this.#plan());
  }

  #stir(): void {
    const slept = Date.now() - this.#lastInput > patienceMilliseconds;
    this.#lastInput = Date.now();
    if (slept) this.#plan(0);
  }

  #plan(after = document.visibilityState === "visible" ? visibleMilliseconds : hiddenMilliseconds): void {
    window.clearTimeout(this.#timer);
    if (Date.now() - this.#lastInput <= patienceMilliseconds) this.#timer = window.setTimeout(() => void this.#ask(), after);
  }

  async #ask(): Promise<void> {
    try {
      const headers = { Accept: "application/json" };
      const answer = await fetch(`${this.dataset["url"] ?? ""}?since=${this.#since}`, { headers, cache: "no-store" });
      // SECURITY: what stands on the page belongs to somebody who is no longer signed in. Only words that are saved
      // nowhere hold it (`draft-keeper`): they would be lost.
      if (answer.status === 401 && document.dispatchEvent(signedOut())) window.location.reload();
      if (answer.status === 200) this.#apply((await answer.json()) as { number: number; fragments: string[] });
    } catch {
      // Offline, or the service restarts: the next turn asks again.
    }
    this.#plan();
  }

  #apply(changes: { number: number; fragments: string[] }): void {
    this.#since = changes.number;
    const named = new Set(changes.fragments);
    for (const piece of document.querySelectorAll<HTMLElement>("[data-fragment]")) {
      if (named.has(wholePage) || named.has(piece.dataset["fragment"] ?? "")) htmx.trigger(piece, "changed", {});
    }
  }
}

/** Whoever holds something that is saved nowhere cancels it. */
function signedOut(): Event {
  return new Event("letterlock:signed-out", { cancelable: true });
}

/** How many messages of the Inbox are unread, as the rail says it. */
function unread(): number {
  return Number.parseInt(document.querySelector("#folders .count--news")?.textContent ?? "0", 10) || 0;
}

let unreadBefore = unread();
document.addEventListener("htmx:afterSwap", (event) => {
  if (!(event.target instanceof Element) || event.target.id !== "folders") return;
  if (unread() > unreadBefore) announce(document.body.dataset["saysNewMessage"] ?? "");
  unreadBefore = unread();
});

customElements.define("page-changes", PageChanges);
