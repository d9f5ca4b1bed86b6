/**
 * <recipient-field data-people="/people/" data-remove="Remove {name}" data-new="new" data-verdicts="[…]">
 *   <label for="to">To</label> <input id="to" name="to" value="a@a.example, b@b.example">
 * </recipient-field>
 *
 * Turns the text field into chips with completion. Fires `recipients` (bubbles) when they change. Without script the
 * field stays what it is: addresses separated by commas.
 */

import type { Verdict } from "./recipients/chips";
import { ChipList } from "./recipients/chip-list";
import { splitTyped } from "./recipients/splitting";
import { type Person, Suggestions } from "./recipients/suggestions";

export class RecipientField extends HTMLElement {
  #input!: HTMLInputElement;
  #value!: HTMLInputElement;
  #chips!: ChipList;
  #problems!: HTMLUListElement;
  #suggestions!: Suggestions;

  connectedCallback(): void {
    if (this.querySelector(".tokens")) return;
    this.#input = this.querySelector("input") as HTMLInputElement;
    this.#build(this.#input.value);
    this.#listen();
    this.show(JSON.parse(this.dataset["verdicts"] ?? "[]") as Verdict[]);
  }

  /** The recipients as typed, in order. */
  get recipients(): string[] {
    return this.#chips.recipients;
  }

  /** Show what the server says of them, invalid ones named one by one. */
  show(verdicts: readonly Verdict[]): void {
    this.#chips.show(verdicts);
    const wrong = verdicts.filter((one) => one.state === "invalid" || one.state === "refused");
    this.#problems.replaceChildren(...wrong.map((one) => Object.assign(document.createElement("li"), { textContent: one.sentence })));
    this.#input.ariaInvalid = wrong.length > 0 ? "true" : null;
  }

  /** Point at some of the recipients and go to the first of them; says whether there was one here. */
  mark(typed: ReadonlySet<string>): boolean {
    return this.#chips.mark(typed);
  }

  /** Take what still stands in the field as typed. */
  settle(): void {
    this.#suggestions.close();
    const typed = this.#input.value;
    this.#input.value = "";
    this.#chips.add(splitTyped(typed));
  }

  #build(value: string): void {
    const name = this.#input.labels?.[0]?.textContent.trim() ?? "";
    this.#value = Object.assign(document.createElement("input"), { type: "hidden", name: this.#input.name, value });
    this.#problems = Object.assign(document.createElement("ul"), { className: "problems", id: `${this.#input.id}-problems` });
    this.#problems.ariaLive = "polite";
    this.#chips = new ChipList(name, this.#words(), () => this.#changed(), () => this.#input.focus());
    this.#input.removeAttribute("name");
    this.#input.value = "";
    this.#input.setAttribute("aria-describedby", this.#problems.id);
    this.#input.before(this.#chips.element);
    this.#suggestions = new Suggestions(this.#input, this.dataset["people"] ?? "", (person) => this.#choose(person));
    this.append(this.#value, this.#problems);
    this.#chips.add(splitTyped(value));
  }

  #words(): ConstructorParameters<typeof ChipList>[1] {
    return { remove: this.dataset["remove"] ?? "{name}", states: { new: this.dataset["new"] ?? "" } };
  }

  #listen(): void {
    this.#input.addEventListener("input", () => {
      if (endsWithSeparator(this.#input.value)) this.settle();
      else this.#suggestions.ask(this.#input.value);
    });
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    this.#input.addEventListener("blur", () => this.settle());
    this.#input.addEventListener("paste", (event) => this.#paste(event));
    this.addEventListener("click", (event) => event.target === this && this.#input.focus());
  }

  #key(event: KeyboardEvent): void {
    if (this.#suggestions.key(event)) return;
    const atStart = this.#input.selectionStart === 0 && this.#input.selectionEnd === 0;
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault(); // Enter ends a recipient; it must not send the letter
      this.settle();
    } else if ((event.key === "Backspace" || event.key === "ArrowLeft") && atStart) {
      this.#chips.focusLast();
    }
  }

  #paste(event: ClipboardEvent): void {
    const pasted = splitTyped(event.clipboardData?.getData("text/plain") ?? "");
    if (pasted.length < 2) return;
    event.preventDefault();
    this.settle();
    this.#chips.add(pasted);
  }

  #choose(person: Person): void {
    this.#input.value = "";
    this.#chips.add([person.address]);
    // The server will say the same in a moment; the name must not come late.
    this.#chips.show([{ ...person, typed: person.address, shown: person.address, state: "known", sentence: "" }]);
  }

  #changed(): void {
    this.#value.value = this.#chips.recipients.join(", ");
    this.dispatchEvent(new Event("recipients", { bubbles: true }));
  }
}

customElements.define("recipient-field", RecipientField);

/** Whether the last letter ends a recipient: a comma or semicolon outside of quotes and brackets. */
function endsWithSeparator(text: string): boolean {
  return splitTyped(`${text}\u0001`).at(-1) === "\u0001";
}
