import assert from "node:assert/strict";
import { test } from "node:test";
import { waitBeforeRetrying, waitBeforeSaving } from "./pacing";

test("a draft is saved three seconds after the last key", () => {
  assert.equal(waitBeforeSaving({ now: 5_000, firstChange: 4_000, lastChange: 5_000, lastSave: -Infinity }), 3_000);
});

test("saves are ten seconds apart", () => {
  assert.equal(waitBeforeSaving({ now: 5_000, firstChange: 5_000, lastChange: 5_000, lastSave: 4_000 }), 9_000);
});

test("somebody who never pauses is saved after twenty seconds", () => {
  assert.equal(waitBeforeSaving({ now: 20_500, firstChange: 1_000, lastChange: 20_500, lastSave: -Infinity }), 500);
  assert.equal(waitBeforeSaving({ now: 22_000, firstChange: 1_000, lastChange: 22_000, lastSave: -Infinity }), 0);
});

test("tries without a connection become rarer, but never stop", () => {
  assert.deepEqual([1, 2, 3, 4, 9].map(waitBeforeRetrying), [2_000, 4_000, 8_000, 15_000, 15_000]);
});
