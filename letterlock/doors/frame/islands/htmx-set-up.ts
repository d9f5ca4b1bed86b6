/** Starts htmx and decides what its answers mean: refusals go to their own place, pages are never kept. */

import htmx from "htmx.org";
import { refuse } from "./announcing";

/** Settled once htmx has read its settings and the page's attributes. */
export const ready = new Promise<void>((resolve) => {
  document.addEventListener("htmx:load", () => resolve(), { once: true });
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = event as CustomEvent<{ xhr: XMLHttpRequest; shouldSwap: boolean }>;
  // A refusal names where it wants to stand (HX-Retarget). Any other error would put a whole page into a fragment.
  if (detail.xhr.status >= 400) detail.shouldSwap = detail.xhr.getResponseHeader("HX-Retarget") !== null;
});

document.addEventListener("htmx:sendError", () => {
  refuse(document.body.dataset["saysUnreachable"] ?? "");
});

// A link that opens a dialog is announced as a button, and buttons are pressed by the space bar as well.
document.addEventListener("keydown", (event) => {
  const link = event.target instanceof Element ? event.target.closest<HTMLElement>('a[role="button"]') : null;
  if (link === null || event.key !== " ") return;
  event.preventDefault();
  link.click();
});

// SECURITY: a page from the back-forward cache may show what has been recalled since.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload();
});

export { htmx };
