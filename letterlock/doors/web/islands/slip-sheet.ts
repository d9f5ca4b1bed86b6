/** `<slip-sheet>` is the Delivery Slip; where it has no column it lies under the letter, and its handle pulls it up. */

import { announce } from "../../frame/islands/announcing";

const pullPixels = 24;

interface Before {
  unfolded: string[];
  stamps: Map<string, Element>;
  scrolled: number;
}

/** Each person's stamp, by the name beside it. */
function stampsIn(slip: Element): Map<string, Element> {
  const stamps = [...slip.querySelectorAll(".person .stamp")];
  return new Map(stamps.map((stamp) => [stamp.previousElementSibling?.textContent.trim() ?? "", stamp]));
}

class SlipSheet extends HTMLElement {
  #start: number | null = null;
  #before: Before | null = null;

  connectedCallback(): void {
    const handle = document.createElement("button");
    handle.type = "button";
    handle.className = "slip-handle";
    handle.append(this.getAttribute("aria-label") ?? "", document.createElement("small"));
    handle.setAttribute("aria-expanded", "false");
    handle.addEventListener("click", () => this.#pull(!this.hasAttribute("data-up")));
    handle.addEventListener("pointerdown", (event) => {
      this.#start = event.clientY;
      handle.setPointerCapture(event.pointerId);
    });
    handle.addEventListener("pointermove", (event) => this.#follow(event));
    handle.addEventListener("pointerup", () => { this.#start = null; });
    this.addEventListener("keydown", (event) => { if (event.key === "Escape") this.#pull(false); });
    this.prepend(handle);
    this.addEventListener("htmx:beforeSwap", () => { this.#before = this.#read(); });
    this.addEventListener("htmx:load", () => this.#renewed());
    this.#sum();
    this.dataset["sheet"] = "";
  }

  /** The slip was fetched anew: what was unfolded stays so, and a stamp that changed is seen to land. */
  #renewed(): void {
    this.#sum();
    if (!this.#before) return;
    for (const id of this.#before.unfolded) document.getElementById(id)?.toggleAttribute("open", true);
    const paper = this.querySelector("#slip-paper");
    if (paper) paper.scrollTop = this.#before.scrolled;
    for (const [name, stamp] of stampsIn(this)) {
      if (!this.#before.stamps.size || this.#before.stamps.get(name)?.textContent === stamp.textContent) continue;
      stamp.classList.add("stamp--landing");
      announce(`${name}: ${stamp.textContent}`);
    }
  }

  #read(): Before {
    const unfolded = [...this.querySelectorAll("details[open]")].map((one) => one.id);
    return { unfolded, stamps: stampsIn(this), scrolled: this.querySelector("#slip-paper")?.scrollTop ?? 0 };
  }

  /** What a glance should tell while the slip is down: "1 of 2 retrieved". */
  #sum(): void {
    const summary = this.querySelector("h3 span")?.textContent ?? "";
    this.querySelector(".slip-handle small")?.replaceChildren(summary);
  }

  #follow(event: PointerEvent): void {
    if (this.#start === null) return;
    const pulled = this.#start - event.clientY;
    if (Math.abs(pulled) < pullPixels) return;
    this.#start = null;
    // The click that ends this pull must not push the sheet back.
    this.addEventListener("click", (click) => click.stopPropagation(), { capture: true, once: true });
    this.#pull(pulled > 0);
  }

  #pull(up: boolean): void {
    this.toggleAttribute("data-up", up);
    const handle = this.querySelector(".slip-handle");
    handle?.setAttribute("aria-expanded", String(up));
  }
}

customElements.define("slip-sheet", SlipSheet);
