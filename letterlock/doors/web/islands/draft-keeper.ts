/**
 * <draft-keeper data-save="/drafts/…/" data-saved="Draft saved, {time}" data-offline="…" data-signed-out="…">
 *   <form> … <input type="hidden" name="version"> … </form>  <p data-said-of-saving role="status"></p>  <dialog data-stale> … </dialog>
 * </draft-keeper>
 *
 * Saves a draft while it is written, and once more when the page goes away. When another window has saved it meanwhile
 * the dialog `data-stale` asks; nothing is overwritten and nothing typed here is lost. Without script the form's own
 * buttons save and send.
 */

import { spoken } from "../../frame/islands/times";
import { changesSince, type Fields, readFields } from "./drafts/form-changes";
import { type Outcome, postDraft, postLastWords } from "./drafts/posting";
import { waitBeforeRetrying, waitBeforeSaving } from "./drafts/pacing";

export class DraftKeeper extends HTMLElement {
  #form!: HTMLFormElement;
  #saved: Fields = {};
  #timer = 0;
  #firstChange = 0;
  #lastSave = -Infinity;
  #failures = 0;
  #saving: Promise<boolean> | undefined;
  #underWay: Fields | undefined;
  #stopped = false;

  connectedCallback(): void {
    this.#form = this.querySelector("form") as HTMLFormElement;
    // Other elements inside build their fields first; what they hold then is what the server holds.
    queueMicrotask(() => (this.#saved = readFields(this.#form)));
    for (const type of ["input", "change", "recipients"]) this.addEventListener(type, () => this.#touched());
    document.addEventListener("visibilitychange", () => document.hidden && void this.save());
    window.addEventListener("pagehide", () => this.#leave());
    window.addEventListener("beforeunload", (event) => this.#warn(event));
    document.addEventListener("letterlock:signed-out", (event) => {
      if (Object.keys(this.#unsaved()).length > 0) event.preventDefault();
    });
    window.addEventListener("online", () => this.#failures > 0 && void this.save());
  }

  /** Save now what is not saved; resolves to whether the server holds all of it. */
  async save(): Promise<boolean> {
    await this.#saving;
    window.clearTimeout(this.#timer);
    if (this.#stopped) return false;
    const now = readFields(this.#form);
    const changes = changesSince(this.#saved, now);
    if (Object.keys(changes).length === 0) return true;
    this.#saving = this.#post(now, changes);
    return this.#saving;
  }

  /** No more saving: the draft has been sent, copied or discarded. */
  stop(): void {
    this.#stopped = true;
    window.clearTimeout(this.#timer);
  }

  #touched(): void {
    const now = performance.now();
    this.#firstChange ||= now;
    if (this.#stopped || this.#failures > 0) return;
    const times = { now, firstChange: this.#firstChange, lastChange: now, lastSave: this.#lastSave };
    this.#again(waitBeforeSaving(times));
  }

  #again(wait: number): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.save(), wait);
  }

  async #post(now: Fields, changes: Fields): Promise<boolean> {
    this.#firstChange = 0;
    this.#lastSave = performance.now();
    this.#underWay = changes;
    const outcome = await postDraft(this.#address, { ...changes, version: this.#version.value }, this.#form);
    this.#saving = this.#underWay = undefined;
    if (outcome.kind === "saved") {
      this.#saved = { ...this.#saved, ...now };
      this.#version.value = outcome.version;
      this.#failures = 0;
    }
    this.#tell(outcome);
    return outcome.kind === "saved";
  }

  #tell(outcome: Outcome): void {
    this.dataset["outcome"] = outcome.kind;
    switch (outcome.kind) {
      case "saved":
        this.#say((this.dataset["saved"] ?? "").replace("{time}", timeOf(outcome.savedAt)));
        break;
      case "refused":
        this.#say(outcome.sentence);
        break;
      case "stale":
        this.stop();
        this.#askWhich();
        break;
      default:
        this.#failures += 1;
        this.#say(this.dataset[outcome.kind === "signed out" ? "signedOut" : "offline"] ?? "");
        this.#again(waitBeforeRetrying(this.#failures));
    }
  }

  /** One of the two buttons must be pressed: closed without an answer, what is typed here would be saved nowhere. */
  #askWhich(): void {
    const dialog = this.querySelector<HTMLDialogElement>("dialog[data-stale]");
    dialog?.addEventListener("cancel", (event) => { event.preventDefault(); });
    dialog?.showModal();
  }

  #say(text: string): void {
    const state = this.querySelector("[data-said-of-saving]");
    if (state && state.textContent !== text) state.textContent = text;
  }

  #leave(): void {
    const changes = this.#unsaved();
    if (Object.keys(changes).length > 0)
      postLastWords(this.#address, { ...changes, version: this.#version.value }, this.#underWay, this.#form);
  }

  /** Only what a leaving page cannot carry makes the browser ask. */
  #warn(event: BeforeUnloadEvent): void {
    const size = JSON.stringify(this.#unsaved()).length;
    if (size > 2 && (this.#failures > 0 || size > 25_000)) event.preventDefault();
  }

  #unsaved(): Fields {
    return this.#stopped ? {} : changesSince(this.#saved, readFields(this.#form));
  }

  get #address(): string {
    return this.dataset["save"] ?? "";
  }

  get #version(): HTMLInputElement {
    return this.#form.elements.namedItem("version") as HTMLInputElement;
  }
}

customElements.define("draft-keeper", DraftKeeper);

function timeOf(instant: string): string {
  const { zone, zoneSource } = document.body.dataset;
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return spoken(new Date(instant), "row", zoneSource === "preference" ? (zone ?? own) : own, new Date());
}
