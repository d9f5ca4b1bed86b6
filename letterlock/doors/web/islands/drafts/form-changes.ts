/** What differs between a form and its last saved state; only that travels. */

export type Fields = Readonly<Record<string, string>>;

const switches = ["tracking", "share_tracking", "reply_freeze"];
const saved = new Set(["to", "cc", "bcc", "subject", "html", "lifetime", ...switches]);

/** The fields of a draft's form that are saved; a switch that is off is an empty string. */
export function readFields(form: HTMLFormElement): Fields {
  const fields: Record<string, string> = {};
  for (const name of switches) if (form.elements.namedItem(name) !== null) fields[name] = "";
  for (const [name, value] of new FormData(form)) if (saved.has(name) && typeof value === "string") fields[name] = value;
  return fields;
}

/** The fields of `now` that `before` does not have, or has with another value. */
export function changesSince(before: Fields, now: Fields): Fields {
  return Object.fromEntries(Object.entries(now).filter(([name, value]) => before[name] !== value));
}
