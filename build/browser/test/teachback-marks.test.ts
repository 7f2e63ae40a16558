import assert from "node:assert/strict";
import { test } from "node:test";
import { pieces, place, type Quote } from "../src/teachback/marks.js";

/** The text with its marks written into it: "a [b|1] c". */
function drawn(answer: string, ...quotes: Quote[]): string {
  const all = pieces(answer, quotes);
  assert.equal(all.map(({ text }) => text).join(""), answer); // nothing is lost
  return all
    .map(({ text, marks }) => (marks.length > 0 ? `[${text}|${marks.join(",")}]` : text))
    .join("");
}

test("a quote is marked where it stands, and says so where it ends", () => {
  const quotes = [{ text: "loss", mark: "1" }];
  assert.equal(drawn("the loss is", ...quotes), "the [loss|1] is");
  const ends = pieces("the loss is", quotes).map((piece) => piece.ends);
  assert.deepEqual(ends, [[], ["1"], []]);
});

test("quotes may overlap, lie in each other or be the same", () => {
  const a = { text: "one two", mark: "1" };
  const b = { text: "two three", mark: "2" };
  assert.equal(drawn("one two three", a, b), "[one |1][two|1,2][ three|2]");
  const inner = { text: "two", mark: "3" };
  assert.equal(drawn("one two", a, inner), "[one |1][two|1,3]");
  assert.equal(drawn("one two", a, { ...a, mark: "2" }), "[one two|1,2]");
});

test("of words that stand there twice the first are marked", () => {
  assert.equal(drawn("a b a", { text: "a", mark: "1" }), "[a|1] b a");
});

test("what is nowhere, or is nothing, marks nothing", () => {
  assert.equal(drawn("a b", { text: "c", mark: "1" }), "a b");
  assert.equal(drawn("a b", { text: "", mark: "1" }, { text: " \n", mark: "2" }), "a b");
  assert.deepEqual(pieces("", [{ text: "a", mark: "1" }]), []);
});

test("spaces, capitals and quotation marks may differ", () => {
  assert.equal(drawn("The\n  LOSS is", { text: "the loss", mark: "1" }), "[The\n  LOSS|1] is");
  assert.equal(drawn("it’s “so”", { text: `it's "so"`, mark: "1" }), "[it’s “so”|1]");
  assert.equal(drawn("so ﬁne", { text: "fine", mark: "1" }), "so [ﬁne|1]"); // a ligature
});

test("characters beyond 16 bits stay whole", () => {
  assert.deepEqual(place("a 😀 b", "😀 B"), { start: 2, end: 6 });
  assert.equal(drawn("A 😀", { text: "a 😀", mark: "1" }), "[A 😀|1]");
});
