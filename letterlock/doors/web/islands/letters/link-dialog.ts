/** Asks where a link leads, and sets or removes it where the cursor is. */

import type Squire from "squire-rte";

import { askWith } from "./asking";

export class LinkDialog {
  readonly #field: HTMLInputElement;

  constructor(
    private readonly dialog: HTMLDialogElement,
    private readonly squire: Squire,
  ) {
    this.#field = dialog.querySelector("input") as HTMLInputElement;
    this.#field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      dialog.close("set");
    });
    // What is typed here is no change of the letter.
    dialog.addEventListener("input", (event) => { event.stopPropagation(); });
  }

  open(): void {
    this.#field.value = this.#anchor()?.getAttribute("href") ?? "";
    void askWith(this.dialog).then((said) => { this.#apply(said); });
  }

  #apply(said: string): void {
    const address = this.#field.value.trim();
    this.squire.focus();
    if (said === "remove") this.squire.removeLink();
    if (said === "set" && address !== "") this.squire.makeLink(asAddress(address));
  }

  #anchor(): HTMLAnchorElement | null {
    const at = this.squire.getSelection().commonAncestorContainer;
    return (at instanceof Element ? at : at.parentElement)?.closest("a") ?? null;
  }
}

/** `acme.example` becomes `https://acme.example`, `ann@acme.example` a mail address; anything but http, mailto, tel is https. */
export function asAddress(typed: string): string {
  if (/^(?:https?:\/\/|mailto:|tel:)/i.test(typed)) return typed;
  return /^[^\s/@]+@[^\s/@]+$/.test(typed) ? `mailto:${typed}` : `https://${typed.replace(/^[a-z][a-z0-9+.-]*:(?:\/\/)?/i, "")}`;
}
