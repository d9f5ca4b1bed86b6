/** A letter as plain text and back: paragraphs are divided by an empty line. */

/** Markup for `text`; every character means itself. */
export function markupOf(text: string): string {
  const paragraphs = text.replaceAll("\r\n", "\n").trimEnd().split(/\n{2,}/);
  return paragraphs.map((one) => `<p>${escape(one).replaceAll("\n", "<br>") || "<br>"}</p>`).join("");
}

/** Whether a letter has more than words in paragraphs, which plain text would lose. */
export function hasFormat(root: Element): boolean {
  return root.querySelector("b, i, em, strong, u, s, ul, ol, blockquote, table, img, h1, h2, h3, h4, a, pre, sub, sup") !== null;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
