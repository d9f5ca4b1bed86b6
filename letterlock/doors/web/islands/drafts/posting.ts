/** How a draft travels to the server, and what can become of it on the way. */

import type { Fields } from "./form-changes";

/** Browsers send at most 64 KiB after the page is gone; some of that are headers. */
export const parcelBytes = 60_000;

export type Outcome =
  | { readonly kind: "saved"; readonly version: string; readonly savedAt: string }
  | { readonly kind: "stale" }
  | { readonly kind: "refused"; readonly sentence: string }
  | { readonly kind: "signed out" }
  | { readonly kind: "unreachable" };

/** Save `fields` of a draft; never throws. */
export async function postDraft(address: string, fields: Fields, form: HTMLFormElement): Promise<Outcome> {
  const body = JSON.stringify(fields);
  let answer = await send(address, body, form);
  if (answer?.status === 403 && (await renewToken(form))) answer = await send(address, body, form);
  return answer === undefined ? { kind: "unreachable" } : read(answer);
}

/**
 * The last words of a page that is going away; says whether they fit into what a browser still carries. `underWay` is
 * the save whose answer will not be waited for: told again, so that these words are not taken for another window's.
 */
export function postLastWords(address: string, fields: Fields, underWay: Fields | undefined, form: HTMLFormElement): boolean {
  const body = JSON.stringify({ ...fields, under_way: underWay });
  if (new Blob([body]).size > parcelBytes) return false;
  void send(address, body, form, { keepalive: true });
  return true;
}

async function send(address: string, body: string, form: HTMLFormElement, options: RequestInit = {}): Promise<Response | undefined> {
  const headers = {
    Accept: "application/json",
    "Content-Type": "application/json",
    "X-CSRFToken": tokenOf(form)?.value ?? "",
  };
  try {
    return await fetch(address, { method: "POST", body, headers, ...options });
  } catch {
    return undefined;
  }
}

async function read(answer: Response): Promise<Outcome> {
  if (answer.status === 401) return { kind: "signed out" };
  if (answer.status === 409) return { kind: "stale" };
  if (answer.status >= 500 || answer.headers.get("Content-Type")?.startsWith("application/json") !== true)
    return { kind: "unreachable" };
  const said = (await answer.json()) as { version: number; saved_at: string; sentence: string };
  return answer.ok
    ? { kind: "saved", version: String(said.version), savedAt: said.saved_at }
    : { kind: "refused", sentence: said.sentence };
}

/** Signing in again elsewhere makes this page's token old: take the new one from the same page. */
async function renewToken(form: HTMLFormElement): Promise<boolean> {
  try {
    const page = await fetch(window.location.href);
    const read = new DOMParser().parseFromString(await page.text(), "text/html");
    const fresh = read.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value;
    const own = tokenOf(form);
    if (page.redirected || fresh === undefined || own === null) return false;
    own.value = fresh;
    return true;
  } catch {
    return false;
  }
}

function tokenOf(form: HTMLFormElement): HTMLInputElement | null {
  return form.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]");
}
