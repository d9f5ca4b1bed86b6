/** The list under a recipients' field: people one has written with (the combobox pattern of ARIA APG). */

export interface Person {
  readonly name: string;
  readonly address: string;
}

const pause = 120;

/** Asks the server while one types, shows what it answers, and tells the field what was chosen. */
export class Suggestions {
  readonly #list: HTMLUListElement;
  #people: readonly Person[] = [];
  #active = -1;
  #timer = 0;
  #asked: AbortController | undefined;

  constructor(
    private readonly input: HTMLInputElement,
    private readonly address: string,
    private readonly choose: (person: Person) => void,
  ) {
    this.#list = document.createElement("ul");
    this.#list.id = `${input.id}-people`;
    this.#list.className = "suggestions";
    this.#list.role = "listbox";
    this.#list.hidden = true;
    this.#list.ariaLabel = input.labels?.[0]?.textContent.trim() ?? "";
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", this.#list.id);
    input.setAttribute("aria-expanded", "false");
    input.after(this.#list);
    // Choosing with the mouse must not take the focus from the input first: losing it would close the list.
    this.#list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      this.#pick((event.target as Element).closest("[role=option]"));
    });
  }

  get isOpen(): boolean {
    return !this.#list.hidden;
  }

  /** Ask for people like `text` once the typing pauses. */
  ask(text: string): void {
    window.clearTimeout(this.#timer);
    this.#asked?.abort();
    if (text.trim() === "") {
      this.close();
      return;
    }
    this.#timer = window.setTimeout(() => void this.#fetch(text.trim()), pause);
  }

  close(): void {
    window.clearTimeout(this.#timer);
    this.#asked?.abort();
    this.#people = [];
    this.#draw();
  }

  /** Arrow keys walk, Enter takes (the first, while no address is typed), Escape closes; says whether the key was for the list. */
  key(event: KeyboardEvent): boolean {
    const first = this.input.value.includes("@") ? -1 : 0;
    const chosen = this.#list.children[this.#active < 0 ? first : this.#active];
    if (!this.isOpen || event.ctrlKey) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") this.#move(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && chosen !== undefined) this.#pick(chosen);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  #move(by: 1 | -1): void {
    const count = this.#people.length;
    this.#active = this.#active < 0 ? (by === 1 ? 0 : count - 1) : (this.#active + by + count) % count;
    this.#mark();
  }

  async #fetch(text: string): Promise<void> {
    this.#asked = new AbortController();
    try {
      const address = `${this.address}?${new URLSearchParams({ q: text })}`;
      const answer = await fetch(address, { headers: { Accept: "application/json" }, signal: this.#asked.signal });
      if (!answer.ok || answer.redirected) return;
      this.#people = ((await answer.json()) as { people: Person[] }).people;
      this.#draw();
    } catch {
      // No completion without a connection, or the text has changed meanwhile: typing goes on.
    }
  }

  #draw(): void {
    this.#active = -1;
    this.#list.replaceChildren(...this.#people.map((person, index) => this.#option(person, index)));
    this.#list.hidden = this.#people.length === 0;
    this.input.setAttribute("aria-expanded", String(this.isOpen));
    this.#mark();
  }

  #option(person: Person, index: number): HTMLLIElement {
    const option = document.createElement("li");
    option.id = `${this.#list.id}-${index}`;
    option.role = "option";
    option.dataset["index"] = String(index);
    const name = document.createElement("b");
    name.textContent = person.name;
    const address = document.createElement("small");
    address.textContent = person.address;
    option.append(...(person.name ? [name, " ", address] : [address]));
    return option;
  }

  #mark(): void {
    [...this.#list.children].forEach((one, index) => (one.ariaSelected = String(index === this.#active)));
    const active = this.#list.children[this.#active];
    if (active === undefined) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", active.id);
  }

  #pick(option: Element | null): void {
    const person = this.#people[Number((option as HTMLElement | null)?.dataset["index"] ?? -1)];
    if (person === undefined) return;
    this.close();
    this.choose(person);
  }
}
