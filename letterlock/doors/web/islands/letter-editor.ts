/**
 * <letter-editor data-pictures="/drafts/…/pictures/"> toolbar, <textarea name="text">, <textarea name="html" disabled hidden>
 * </letter-editor>
 *
 * Writing with bold, italic, lists, links, quotes and pictures, or in plain text. Without script the form sends `text`;
 * with this element it sends `html`. Data in by attributes, `input` events out.
 */

import Squire from "squire-rte";

import { cleanLetter, storedForm } from "./letters/cleaning";
import { chosenBytes, shrink, upload } from "./letters/pictures";
import { markupOf } from "./letters/plain-text";
import { Toolbar } from "./letters/toolbar";

export class LetterEditor extends HTMLElement {
  /** The letter as it stands in the page. */
  readonly page = document.createElement("div");
  #squire!: Squire;
  #text!: HTMLTextAreaElement;
  /** The letter before it became plain text, and that text: turning back without a change loses nothing. */
  #rich: { html: string; text: string } | undefined;

  connectedCallback(): void {
    if (this.page.isConnected) return;
    this.#text = this.querySelector("textarea[name=text]") as HTMLTextAreaElement;
    this.page.id = "letter";
    this.page.className = "words";
    this.page.role = "textbox";
    this.page.ariaMultiLine = "true";
    this.page.ariaLabel = this.#text.ariaLabel;
    this.#text.before(this.page);
    this.#squire = this.#makeSquire();
    this.#squire.setHTML(this.querySelector<HTMLTextAreaElement>("textarea[name=html]")?.value ?? "");
    this.#listen();
    this.#show("rich");
    new Toolbar(this, this.#squire);
    if (this.#text.autofocus) this.page.focus({ preventScroll: true });
  }

  get isPlain(): boolean {
    return !this.#text.hidden;
  }

  /** Plain text and back again. */
  turnPlain(plain: boolean): void {
    if (plain) {
      this.#rich = { html: this.#squire.getHTML(), text: this.page.innerText.trimEnd() };
      this.#text.value = this.#rich.text;
    } else {
      const untouched = this.#rich?.text === this.#text.value ? this.#rich.html : undefined;
      this.#squire.setHTML(untouched ?? markupOf(this.#text.value));
    }
    this.#show(plain ? "plain" : "rich");
    (plain ? this.#text : this.page).focus();
    this.#changed();
  }

  /** Shrink, upload and place pictures where the cursor is. */
  async addPictures(files: Iterable<File>): Promise<void> {
    for (const file of files) {
      if (!file.type.startsWith("image/")) continue;
      this.#say(this.#word("adding"));
      this.#say(await this.#addPicture(file));
    }
  }

  async #addPicture(file: File): Promise<string> {
    if (file.size > chosenBytes) return this.#word("tooLarge");
    const pictures = this.#word("pictures");
    const token = this.closest("form")?.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]");
    try {
      const id = await upload(await shrink(file), pictures, token?.value ?? "");
      this.#squire.insertImage(`${pictures}${id}/`, { "data-picture": id, alt: file.name.replace(/\.\w+$/, "") });
      return this.#word("added");
    } catch (problem) {
      // The server refuses with a sentence; anything else is a file that the browser cannot read as a picture.
      return problem instanceof Error && problem.name === "Refused" ? problem.message : this.#word("unreadable");
    }
  }

  #makeSquire(): Squire {
    const squire = new Squire(this.page, {
      blockTag: "P",
      sanitizeToDOMFragment: (html: string) => cleanLetter(html, this.#word("pictures")),
      undo: { documentSizeThreshold: 2_000_000, undoLimit: 100 },
    });
    // SECURITY: its handles for resizing carry inline styles, which our policy refuses. See
    // test_writing_a_formatted_letter_breaks_no_rule_of_the_policy.
    squire._imageResizer.destroy();
    // The Tab key must leave the letter: lists are indented with Ctrl-] and Ctrl-[.
    for (const key of ["Tab", "Shift-Tab", "Ctrl-d", "Meta-d"]) squire.setKeyHandler(key, null);
    return squire;
  }

  #listen(): void {
    this.#squire.addEventListener("input", () => { this.#changed(); });
    this.#squire.addEventListener("pasteImage", (event) => {
      const pasted = event as CustomEvent<{ clipboardData: DataTransfer }>;
      void this.addPictures(pasted.detail.clipboardData.files);
    });
    this.page.addEventListener("drop", (event) => {
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      void this.addPictures(event.dataTransfer.files);
    });
    this.closest("form")?.addEventListener("formdata", ({ formData }) => {
      formData.set("html", this.isPlain ? markupOf(this.#text.value) : storedForm(this.#squire.getHTML()));
      formData.delete("text");
    });
  }

  #show(mode: "rich" | "plain"): void {
    this.page.hidden = mode === "plain";
    this.#text.hidden = mode === "rich";
    this.dataset["mode"] = mode;
  }

  #changed(): void {
    this.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #say(text: string): void {
    const said = this.querySelector("[data-said]");
    if (said) said.textContent = text;
  }

  #word(name: string): string {
    return this.dataset[name] ?? "";
  }
}

customElements.define("letter-editor", LetterEditor);
