import assert from "node:assert/strict";
import { test } from "node:test";
import { asAddress } from "./link-dialog";

test("what is typed becomes an address that a letter may hold", () => {
  assert.equal(asAddress("acme.example/terms"), "https://acme.example/terms");
  assert.equal(asAddress("http://acme.example"), "http://acme.example");
  assert.equal(asAddress("ann@acme.example"), "mailto:ann@acme.example");
  assert.equal(asAddress("javascript:alert(1)"), "https://alert(1)");
});
