import assert from "node:assert/strict";
import { test } from "node:test";
import { initialsOf, splitTyped } from "./splitting";

const lists: readonly (readonly [string, readonly string[]])[] = [
  ["a@a.example, b@b.example", ["a@a.example", "b@b.example"]],
  ["a@a.example;b@b.example\nc@c.example", ["a@a.example", "b@b.example", "c@c.example"]],
  ['"Doe, Jane" <jane@a.example>, Bob <bob@b.example>', ["jane@a.example", "bob@b.example"]],
  ["a@a.example b@b.example", ["a@a.example", "b@b.example"]],
  ['"very, odd"@a.example', ['"very, odd"@a.example']],
  ["no address", ["no address"]],
  [" , ;\n", []],
];

for (const [typed, addresses] of lists) {
  test(`${JSON.stringify(typed)} names ${addresses.length}`, () => { assert.deepEqual(splitTyped(typed), addresses); });
}

test("a face has the first letters of the first and the last name", () => {
  assert.equal(initialsOf("Tomás Ortega"), "TO");
  assert.equal(initialsOf("Ana María de la Cruz"), "AC");
  assert.equal(initialsOf("Øystein"), "Ø");
});
