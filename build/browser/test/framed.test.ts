import assert from "node:assert/strict";
import { test } from "node:test";
import { documentOf, heightOf } from "../src/framed.js";

test("a frame's document holds the HTML in the page's colours, with its styles", () => {
  const html = documentOf("<b>x</b>", "slate", ["https://a.org/c.css?a=1&b=2"]);
  assert.match(html, /<link rel="stylesheet" href="https:\/\/a\.org\/c\.css\?a=1&amp;b=2">/);
  assert.match(html, /<body class="md-typeset cw-html" data-md-color-scheme="slate"><b>x<\/b>$/);
});

test("a frame is as high as its lines, within bounds", () => {
  const rows = (count: number) => `<table>${"<tr><td>1".repeat(count)}</table>`;
  assert.equal(heightOf("just a word"), 62);
  assert.ok(heightOf(rows(4)) > heightOf(rows(3)));
  assert.ok(heightOf("<pre>a\nb\nc\nd</pre>") > heightOf("<pre>a</pre>"));
  assert.equal(heightOf(rows(1000)), 420);
});
