import assert from "node:assert/strict";
import { test } from "node:test";
import { changesSince } from "./form-changes";

test("only what differs travels, an emptied field included", () => {
  const before = { to: "a@a.example", subject: "Old", tracking: "on" };
  assert.deepEqual(changesSince(before, { to: "a@a.example", subject: "", tracking: "on" }), { subject: "" });
  assert.deepEqual(changesSince(before, before), {});
});
