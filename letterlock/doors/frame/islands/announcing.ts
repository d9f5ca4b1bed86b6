/** Says something to whoever looks or listens, without moving focus, unless it would be lost otherwise. */

const shownMilliseconds = 9000;
/** A region that changes while a page is still being read in is passed over by screen readers. */
const settledMilliseconds = 400;
const headings = ["#letter-subject", "#list-title", "h1[tabindex]"];

/** For screen readers alone: what others see anyhow. Each sentence is a line of its own, so that none hides another. */
export function announce(text: string): void {
  const line = document.createElement("p");
  line.textContent = text;
  document.getElementById("announcements")?.append(line);
  window.setTimeout(() => { line.remove(); }, shownMilliseconds);
}

/** A quiet line at the edge; it goes by itself, and what it says stands somewhere else too. */
export function toast(text: string): void {
  goByItself(place("toasts", "toast", text));
  announce(text);
}

/** Something that was not done, and why: it stays until it is dismissed. */
export function refuse(text: string): void {
  place("refusals", "refusal", text);
}

function place(region: string, className: string, text: string): HTMLElement {
  const line = document.createElement("div");
  line.className = className;
  const words = document.createElement("p");
  words.textContent = text;
  const dismiss = document.createElement("button");
  dismiss.type = "button";
  dismiss.className = "button button--quiet";
  dismiss.dataset["dismiss"] = "";
  dismiss.textContent = document.body.dataset["saysDismiss"] ?? "";
  line.append(words, dismiss);
  document.getElementById(region)?.append(line);
  return line;
}

/** Not while somebody points at it or is about to press its button. */
function goByItself(line: HTMLElement): void {
  window.setTimeout(() => {
    if (line.matches(":hover, :focus-within")) goByItself(line);
    else line.remove();
  }, shownMilliseconds);
}

/** Where reading goes on: focus would fall to the top of the page, and the keyboard with it. */
function focusHeading(): void {
  const isLost = document.activeElement === null || document.activeElement === document.body;
  const there = headings.map((one) => document.querySelector<HTMLElement>(one)).find((one) => one !== null);
  if (isLost) there?.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const line = event.target instanceof Element ? event.target.closest("[data-dismiss]")?.closest(".refusal, .toast") : null;
  if (!line) return;
  line.remove();
  focusHeading();
});

window.addEventListener("load", () => {
  // What the server said with this page: it stood there before anybody listened, so it is said once more.
  const lines = [...document.querySelectorAll<HTMLElement>("#toasts > .toast")];
  if (lines.length === 0) return;
  lines.forEach(goByItself);
  focusHeading();
  const words = lines.map((line) => line.querySelector("p")?.textContent ?? "");
  window.setTimeout(() => { announce(words.join(" ")); }, settledMilliseconds);
});
