import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { spoken, zoneName, type Style } from "./times";

interface Vectors { now: string; cases: { instant: string; zone: string; style: Style; says: string }[] }
const vectors = JSON.parse(readFileSync("tests/vectors/spoken-times.json", "utf8")) as Vectors;

for (const { instant, zone, style, says } of vectors.cases) {
  test(`${style} in ${zone} is "${says}", as the server says it`, () => {
    assert.equal(spoken(new Date(instant), style, zone, new Date(vectors.now)), says);
  });
}

test("a zone has the name people use", () => {
  assert.equal(zoneName("Europe/Berlin"), "Central European Time");
  assert.equal(zoneName("America/Los_Angeles"), "Pacific Time");
  assert.equal(zoneName("UTC"), "UTC");
});
