/** When a draft is saved: 3 s after the last key, at most every 10 s, and never later than 20 s after a change. */

export const quietMs = 3_000;
export const spacingMs = 10_000;
export const patienceMs = 20_000;

/** Milliseconds from `now` until the next save; all times in milliseconds of one clock. */
export function waitBeforeSaving(times: { now: number; firstChange: number; lastChange: number; lastSave: number }): number {
  const due = Math.max(times.lastChange + quietMs, times.lastSave + spacingMs);
  return Math.max(0, Math.min(due, times.firstChange + patienceMs) - times.now);
}

/** Milliseconds before the next try after `failures` failed ones: 2, 4, 8, then every 15 s. */
export function waitBeforeRetrying(failures: number): number {
  return Math.min(2_000 * 2 ** (failures - 1), 15_000);
}
