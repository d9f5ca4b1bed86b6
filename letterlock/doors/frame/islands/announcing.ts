/** Says something to whoever looks or listens, without moving focus. */

const shownMilliseconds = 9000;

/** For screen readers alone: what others see anyhow. */
export function announce(text: string): void {
  const region = document.getElementById("announcements");
  if (region) region.textContent = text;
}

/** A quiet line at the edge; it goes by itself, and what it says stands somewhere else too. */
export function toast(text: string): void {
  place("toasts", "toast", text);
}

/** Something that was not done, and why. */
export function refuse(text: string): void {
  place("refusals", "refusal", text);
}

function place(region: string, className: string, text: string): void {
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
  window.setTimeout(() => { line.remove(); }, shownMilliseconds);
}

document.addEventListener("click", (event) => {
  if (event.target instanceof Element) event.target.closest("[data-dismiss]")?.closest(".refusal, .toast")?.remove();
});

window.addEventListener("load", () => {
  // What the server said with this page goes the same way.
  for (const line of document.querySelectorAll("#toasts > .toast")) window.setTimeout(() => { line.remove(); }, shownMilliseconds);
});
