/** What may stand in a letter while it is written. The server cleans again; this keeps the page safe and the letter plain. */

import DOMPurify, { type Config } from "dompurify";

// No style, class, tt or font: Squire would turn them into inline styles, which a strict policy refuses.
const tags =
  "a b blockquote br caption code col colgroup div em h1 h2 h3 h4 hr i img li ol p pre s span strong sub sup " +
  "table tbody td tfoot th thead tr u ul";
const allowed: Config = {
  ALLOWED_TAGS: tags.split(" "),
  ALLOWED_ATTR: ["href", "src", "alt", "data-picture", "colspan", "rowspan", "scope", "start"],
  ALLOW_DATA_ATTR: false,
  // Applied to every attribute: a scheme of these, or no scheme at all.
  ALLOWED_URI_REGEXP: /^(?:(?:https?|mailto|tel):|[^a-z]|[a-z+.-]+(?:[^a-z+.\-:]|$))/i,
};

/** A fragment of this document with only what a letter may hold; `pictures` is where this draft's own pictures are. */
export function cleanLetter(html: string, pictures: string): DocumentFragment {
  const fragment = DOMPurify.sanitize(html, { ...allowed, RETURN_DOM_FRAGMENT: true });
  for (const picture of fragment.querySelectorAll("img")) keepOwn(picture, pictures);
  return document.importNode(fragment, true);
}

/** The same letter as it is stored: pictures named by their id, without an address. */
export function storedForm(html: string): string {
  return DOMPurify.sanitize(html, { ...allowed, FORBID_ATTR: ["src"] });
}

/** Only pictures of this draft stay; one from elsewhere would tell another server who reads. */
function keepOwn(picture: HTMLImageElement, pictures: string): void {
  const id = picture.dataset["picture"] ?? "";
  if (/^[0-9a-f-]{36}$/.test(id)) picture.src = `${pictures}${id}/`;
  else picture.remove();
}
