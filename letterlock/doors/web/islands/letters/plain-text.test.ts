import assert from "node:assert/strict";
import { test } from "node:test";
import { markupOf } from "./plain-text";

test("plain text means itself: no character becomes markup", () => {
  assert.equal(markupOf("1 < 2 & <b>"), "<p>1 &lt; 2 &amp; &lt;b&gt;</p>");
});

test("an empty line divides paragraphs, a line end stays in its own", () => {
  assert.equal(markupOf("Dear Ann,\r\nhello\n\n\nBob\n"), "<p>Dear Ann,<br>hello</p><p>Bob</p>");
  assert.equal(markupOf(""), "<p><br></p>");
});
