/**
 * `<letter-opener data-opens="letter|slip|nothing">` asks for the message once somebody looks at it, and fits the
 * frame to the letter. Without scripts its form does the same by hand.
 */

import { askForChanges } from "../../frame/islands/page-changes";
import { htmx, ready } from "../../frame/islands/htmx-set-up";

class LetterOpener extends HTMLElement {
  #frame: HTMLIFrameElement | null = null;
  #gone = new AbortController();

  connectedCallback(): void {
    this.#makeFrame();
    void whenLookedAt().then(() => this.#open());
  }

  /** Nothing of the page may go on holding a frame whose letter was taken back. */
  disconnectedCallback(): void {
    this.#gone.abort();
    this.#gone = new AbortController();
  }

  /** A frame no history knows: one that stood in the page would be restored by "Back", and open the message again. */
  #makeFrame(): void {
    const drawn = this.querySelector("template")?.content.querySelector("iframe");
    const form = this.querySelector("form");
    if (!drawn || !form) return;
    const frame = document.importNode(drawn, true);
    frame.name = form.target = `letter-${crypto.randomUUID()}`;
    frame.addEventListener("load", () => this.#opened());
    this.append(frame);
    showFocus(frame, this.#gone.signal);
    this.#frame = frame;
  }

  #open(): void {
    if (!this.isConnected) return;
    if (this.dataset["opens"] === "letter") this.querySelector("form")?.requestSubmit();
    if (this.dataset["opens"] === "slip") void this.#review();
  }

  async #review(): Promise<void> {
    const values = { view: "slip" };
    await htmx.ajax("post", this.dataset["url"] ?? "", { target: "#slip-paper", swap: "outerHTML", values });
    askForChanges();
  }

  #opened(): void {
    const frame = this.#frame;
    const state = frame?.contentDocument?.body.dataset["state"];
    // An empty frame loads too, before anything was asked for.
    if (!frame || state === undefined) return;
    frame.dataset["open"] = state;
    this.dataset["state"] = state;
    // Until now a change of the message had the whole of it fetched again; that would open it once more.
    document.querySelector("[data-until-opened]")?.remove();
    fit(frame);
    void dress(frame);
    htmx.trigger("#reading", "opened", {});
    askForChanges();
  }
}

/** A page that is prepared in advance, or in a tab nobody has come to yet, opens nothing. */
async function whenLookedAt(): Promise<void> {
  await ready;
  const { prerendering } = document as Document & { prerendering?: boolean };
  if (prerendering) await happens("prerenderingchange");
  while (document.visibilityState !== "visible") await happens("visibilitychange");
}

function happens(event: string): Promise<void> {
  return new Promise((resolve) => { document.addEventListener(event, () => resolve(), { once: true }); });
}

/** The ring around the frame while keys are in it: no style of this page can know, and nobody else draws one. */
function showFocus(frame: HTMLIFrameElement, signal: AbortSignal): void {
  let byKeys = false;
  document.addEventListener("keydown", (event) => { byKeys = event.key === "Tab"; }, { signal });
  document.addEventListener("focusin", () => { byKeys = false; }, { signal });
  window.addEventListener("blur", () => {
    if (!byKeys || document.activeElement !== frame) return;
    frame.dataset["focused"] = "";
    frame.scrollIntoView({ block: "nearest" });
  }, { signal });
  window.addEventListener("focus", () => { frame.removeAttribute("data-focused"); }, { signal });
}

/** Some seven thousand lines. A letter that says it is taller scrolls in its frame, so that the page's own end is found. */
const tallest = 200_000;

/** As high as the letter is, now and when its width changes: the page scrolls, not the frame. */
function fit(frame: HTMLIFrameElement): void {
  const page = frame.contentDocument?.documentElement;
  if (!page) return;
  const measure = (): void => { frame.style.blockSize = `${Math.min(Math.ceil(page.offsetHeight) + 2, tallest)}px`; };
  new ResizeObserver(measure).observe(page);
  measure();
}

/**
 * The letter's typeface. Its own policy lets the frame load nothing, so the fonts this page has already loaded are
 * handed over as bytes.
 */
async function dress(frame: HTMLIFrameElement): Promise<void> {
  const inside = frame.contentDocument;
  if (!inside) return;
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
  const faces = rules.filter((rule) => rule instanceof CSSFontFaceRule && rule.style.getPropertyValue("font-family").includes("Source Serif"));
  await Promise.all((faces as CSSFontFaceRule[]).map(async ({ style, parentStyleSheet }) => {
    const address = /url\("?([^")]+)"?\)/.exec(style.getPropertyValue("src"))?.[1] ?? "";
    const answer = await fetch(new URL(address, parentStyleSheet?.href ?? document.baseURI));
    const face = new FontFace("Source Serif 4 Variable", await answer.arrayBuffer(), {
      weight: style.getPropertyValue("font-weight"), style: style.getPropertyValue("font-style") || "normal",
    });
    inside.fonts.add(await face.load());
  }));
}

customElements.define("letter-opener", LetterOpener);
