/** Takes apart what people type or paste into a recipients' field, the same way `policies/addresses.py` does. */

const quote = '"';
const separators = new Set([",", ";", "\n", "\r", "\t"]);

/** The addresses in `Ann <ann@a.example>, "B, C" <b@b.example>; d@d.example`, in order, trimmed, none empty. */
export function splitTyped(text: string): string[] {
  const found: string[] = [];
  let current = "";
  let quoted = false;
  let bracketed = false;
  for (const letter of text) {
    if (letter === quote) quoted = !quoted;
    if (letter === "<" && !quoted) bracketed = true;
    if (letter === ">" && !quoted) bracketed = false;
    if (separators.has(letter) && !quoted && !bracketed) {
      found.push(current);
      current = "";
    } else {
      current += letter;
    }
  }
  found.push(current);
  return found.flatMap(addressesIn).filter((one) => one !== "");
}

/** What stands in angle brackets is the address, the rest a name; addresses may stand side by side without any. */
function addressesIn(text: string): string[] {
  const inAngles = /<([^<>]*)>\s*$/.exec(text)?.[1];
  if (inAngles !== undefined) return [inAngles.trim()];
  const words = text.trim().split(/\s+/);
  return words.length > 1 && !text.includes(quote) && words.every((word) => word.includes("@")) ? words : [text.trim()];
}

/** Two letters for the round face beside a name: `Tomás Ortega` → `TO`. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s.@_-]+/).filter((word) => /^\p{L}/u.test(word));
  return [words[0], words.length > 1 ? words[words.length - 1] : undefined]
    .map((word) => word?.charAt(0) ?? "")
    .join("")
    .toLocaleUpperCase();
}
