/** The chips of one field: adding, removing, and walking through them with the keyboard. */

import { buttonOf, type ChipWords, label, makeChip, type Verdict } from "./chips";

/** `onChange` hears of every addition and removal; `onLeave` is called when the keyboard walks out to the right. */
export class ChipList {
  readonly element: HTMLUListElement;

  constructor(
    name: string,
    private readonly words: ChipWords,
    private readonly onChange: () => void,
    private readonly onLeave: () => void,
  ) {
    this.element = document.createElement("ul");
    this.element.className = "tokens";
    this.element.setAttribute("aria-label", name);
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.element.addEventListener("click", (event) => {
      const chip = (event.target as Element).closest("button")?.closest("li");
      if (chip) this.#remove(chip);
    });
  }

  get recipients(): string[] {
    return this.#all().map((chip) => chip.dataset["typed"] ?? "");
  }

  /** Adds those that are not there yet. */
  add(typed: readonly string[]): void {
    const there = new Set(this.recipients);
    const fresh = [...new Set(typed)].filter((one) => !there.has(one));
    this.element.append(...fresh.map((one) => makeChip(one, this.words)));
    if (fresh.length > 0) this.onChange();
  }

  show(verdicts: readonly Verdict[]): void {
    const said = new Map(verdicts.map((verdict) => [verdict.typed, verdict]));
    for (const chip of this.#all()) {
      const verdict = said.get(chip.dataset["typed"] ?? "");
      if (verdict !== undefined) label(chip, verdict, this.words);
    }
  }

  /** Points at some of them and goes to the first; says whether there was one. */
  mark(typed: ReadonlySet<string>): boolean {
    const marked = this.#all().filter((chip) => typed.has(chip.dataset["typed"] ?? ""));
    for (const chip of this.#all()) chip.toggleAttribute("data-marked", marked.includes(chip));
    if (marked[0] !== undefined) buttonOf(marked[0]).focus();
    return marked.length > 0;
  }

  focusLast(): void {
    const last = this.element.lastElementChild;
    if (last) buttonOf(last).focus();
  }

  #all(): HTMLLIElement[] {
    return [...this.element.children] as HTMLLIElement[];
  }

  #key(event: KeyboardEvent): void {
    const chip = (event.target as Element).closest("li");
    if (!chip) return;
    switch (event.key) {
      case "Backspace":
      case "Delete":
        this.#remove(chip, event.key === "Backspace" ? "before" : "after");
        break;
      case "ArrowLeft":
        this.#go(chip.previousElementSibling ?? chip);
        break;
      case "ArrowRight":
      case "Escape":
        this.#go(event.key === "Escape" ? null : chip.nextElementSibling);
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  #remove(chip: Element, then: "before" | "after" = "after"): void {
    const next = then === "before" ? chip.previousElementSibling : chip.nextElementSibling;
    chip.remove();
    this.onChange();
    this.#go(next);
  }

  #go(chip: Element | null): void {
    if (chip) buttonOf(chip).focus();
    else this.onLeave();
  }
}
