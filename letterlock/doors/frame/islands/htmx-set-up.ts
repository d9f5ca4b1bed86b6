/** Starts htmx and decides what its answers mean: refusals go to their own place, pages are never kept. */

import htmx from "htmx.org";
import { announce } from "./announcing";

document.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = event as CustomEvent<{ xhr: XMLHttpRequest; shouldSwap: boolean; isError: boolean }>;
  // A refusal names where it wants to stand (HX-Retarget). Any other error would put a whole page into a fragment.
  if (detail.xhr.status >= 400) detail.shouldSwap = detail.xhr.getResponseHeader("HX-Retarget") !== null;
});

document.addEventListener("htmx:sendError", () => {
  announce("The service cannot be reached right now. Nothing was lost; please try again.", "refusal");
});

document.addEventListener("click", (event) => {
  if (event.target instanceof Element) event.target.closest("[data-dismiss]")?.closest(".refusal, .toast")?.remove();
});

// SECURITY: a page from the back-forward cache may show what has been recalled since.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload();
});

export { htmx };
