/** The toolbar over a letter: one Tab stop, arrow keys between the buttons (the toolbar pattern of ARIA APG). */

import type Squire from "squire-rte";

import type { LetterEditor } from "../letter-editor";
import { askWith } from "./asking";
import { LinkDialog } from "./link-dialog";
import { hasFormat } from "./plain-text";

type Command = "bold" | "removeBold" | "italic" | "removeItalic" | "makeUnorderedList" | "makeOrderedList" | "removeList" | "increaseQuoteLevel" | "removeQuote";

/** What a button `data-act` switches, and the tag by which it is shown as pressed. */
const formats: Readonly<Record<string, { tag: string; on: Command; off: Command }>> = {
  bold: { tag: "B", on: "bold", off: "removeBold" },
  italic: { tag: "I", on: "italic", off: "removeItalic" },
  bullets: { tag: "UL", on: "makeUnorderedList", off: "removeList" },
  numbers: { tag: "OL", on: "makeOrderedList", off: "removeList" },
  quote: { tag: "BLOCKQUOTE", on: "increaseQuoteLevel", off: "removeQuote" },
};

export class Toolbar {
  readonly #bar: HTMLElement;
  readonly #link: LinkDialog;
  readonly #files: HTMLInputElement;

  constructor(
    private readonly letter: LetterEditor,
    private readonly squire: Squire,
  ) {
    this.#bar = letter.querySelector("[role=toolbar]") as HTMLElement;
    this.#link = new LinkDialog(letter.querySelector("dialog[data-link]") as HTMLDialogElement, squire);
    this.#files = letter.querySelector("input[type=file]") as HTMLInputElement;
    this.#bar.hidden = false;
    this.#buttons.forEach((button, index) => (button.tabIndex = index === 0 ? 0 : -1));
    // Pressing a button with the mouse must not lose the selection in the letter.
    this.#bar.addEventListener("mousedown", (event) => event.preventDefault());
    this.#bar.addEventListener("click", (event) => this.#act((event.target as Element).closest("button")));
    this.#bar.addEventListener("keydown", (event) => this.#walk(event));
    this.#files.addEventListener("change", () => {
      void letter.addPictures([...(this.#files.files ?? [])]);
      this.#files.value = "";
    });
    squire.addEventListener("pathChange", () => this.#show());
    squire.addEventListener("select", () => this.#show());
    squire.setKeyHandler("Ctrl-k", (_, event) => this.#linkKey(event));
    squire.setKeyHandler("Meta-k", (_, event) => this.#linkKey(event));
  }

  #act(button: HTMLButtonElement | null): void {
    const format = formats[button?.dataset["act"] ?? ""];
    if (button === null || format === undefined) {
      this.#actBeside(button);
      return;
    }
    this.squire[button.ariaPressed === "true" ? format.off : format.on]();
    this.squire.focus();
    this.#show();
  }

  #actBeside(button: HTMLButtonElement | null): void {
    switch (button?.dataset["act"]) {
      case "link":
        this.#link.open();
        break;
      case "picture":
        this.#files.click();
        break;
      case "undo":
        this.squire.undo();
        break;
      case "plain":
        this.#turn(button);
        break;
    }
  }

  #turn(button: HTMLButtonElement): void {
    const plain = !this.letter.isPlain;
    if (plain && hasFormat(this.letter.page)) {
      const ask = this.letter.querySelector("dialog[data-plain]") as HTMLDialogElement;
      void askWith(ask).then((said) => { if (said === "plain") this.#turned(button, plain); });
    } else {
      this.#turned(button, plain);
    }
  }

  #turned(button: HTMLButtonElement, plain: boolean): void {
    button.ariaPressed = String(plain);
    for (const other of this.#buttons) if (other !== button) other.disabled = plain;
    this.letter.turnPlain(plain);
  }

  #linkKey(event: Event): void {
    event.preventDefault();
    this.#link.open();
  }

  #show(): void {
    for (const button of this.#buttons) {
      const format = formats[button.dataset["act"] ?? ""];
      if (format !== undefined) button.ariaPressed = String(this.squire.hasFormat(format.tag));
    }
  }

  #walk(event: KeyboardEvent): void {
    const usable = this.#buttons.filter((button) => !button.disabled);
    const at = usable.indexOf(document.activeElement as HTMLButtonElement);
    const steps: Record<string, number> = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: usable.length - 1 };
    const next = usable.at((steps[event.key] ?? Number.NaN) % usable.length);
    if (steps[event.key] === undefined || next === undefined) return;
    event.preventDefault();
    for (const button of this.#buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  }

  get #buttons(): HTMLButtonElement[] {
    return [...this.#bar.querySelectorAll("button")];
  }
}
