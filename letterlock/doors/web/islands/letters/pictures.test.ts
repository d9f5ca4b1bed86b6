import assert from "node:assert/strict";
import { test } from "node:test";
import { fit } from "./pictures";

test("a picture fits into 1,600 px and is never enlarged", () => {
  assert.deepEqual(fit(4_000, 3_000), { width: 1_600, height: 1_200 });
  assert.deepEqual(fit(900, 3_200), { width: 450, height: 1_600 });
  assert.deepEqual(fit(640, 480), { width: 640, height: 480 });
  assert.deepEqual(fit(16_000, 2), { width: 1_600, height: 1 });
});
