/** One recipient as a chip: a name with a round face, or an address with the word that says its state. */

import { initialsOf } from "./splitting";

export type RecipientState = "known" | "new" | "invalid" | "refused";

/** What the server says of one typed recipient; `sentence` is for people, in their language. */
export interface Verdict {
  readonly typed: string;
  readonly shown: string;
  readonly name: string;
  readonly state: RecipientState;
  readonly sentence: string;
}

export interface ChipWords {
  /** "Remove {name}" */
  readonly remove: string;
  /** One word for each state that is shown in words. */
  readonly states: Readonly<Partial<Record<RecipientState, string>>>;
}

/** A list item that holds `typed` and a button to take it away. */
export function makeChip(typed: string, words: ChipWords): HTMLLIElement {
  const chip = document.createElement("li");
  chip.className = "token";
  chip.dataset["typed"] = typed;
  const button = document.createElement("button");
  button.type = "button";
  button.tabIndex = -1;
  button.className = "token-remove";
  button.textContent = "×";
  chip.append(document.createElement("span"), button);
  label(chip, { typed, shown: typed, name: "", state: "known", sentence: "" }, words);
  delete chip.dataset["state"];
  return chip;
}

/** Shows what the server said of this chip. */
export function label(chip: HTMLLIElement, verdict: Verdict, words: ChipWords): void {
  const known = verdict.state === "known";
  const shown = known ? verdict.name || verdict.shown : verdict.shown || verdict.typed;
  const word = words.states[verdict.state];
  chip.dataset["state"] = verdict.state;
  chip.title = verdict.sentence || verdict.shown;
  textOf(chip).textContent = word === undefined ? shown : `${shown}, ${word}`;
  buttonOf(chip).ariaLabel = words.remove.replace("{name}", textOf(chip).textContent);
  chip.querySelector(".face")?.remove();
  if (known && verdict.name) chip.prepend(face(verdict.name));
}

/** The button of a chip, which is what the keyboard reaches. */
export function buttonOf(chip: Element): HTMLButtonElement {
  return chip.querySelector("button") as HTMLButtonElement;
}

function textOf(chip: Element): HTMLSpanElement {
  return chip.querySelector("span:not(.face)") as HTMLSpanElement;
}

function face(name: string): HTMLSpanElement {
  const made = document.createElement("span");
  made.className = "face";
  made.ariaHidden = "true";
  made.textContent = initialsOf(name);
  return made;
}
