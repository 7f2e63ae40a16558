import assert from "node:assert/strict";
import { test } from "node:test";
import { Kept, namesOf, type Result } from "../src/kept.js";

const settings = (rate: string, start = "0") => [
  { name: "rate", words: `learning rate ${rate}` },
  { name: "start", words: `start ${start}` },
];
const result = (rate: string, steps: number | null = null): Result => ({
  settings: settings(rate),
  steps,
  charts: [{ spec: { description: rate }, table: null }],
});

test("a kept result is called by the settings in which it differs", () => {
  assert.deepEqual(namesOf([result("0.3")], settings("0.9")), ["learning rate 0.3"]);
  const both = namesOf([result("0.3"), result("0.9")], settings("0.9"));
  assert.deepEqual(both, ["learning rate 0.3", "learning rate 0.9"]);
  const moved = namesOf([result("0.3")], settings("0.9", "2"));
  assert.deepEqual(moved, ["learning rate 0.3, start 0"]);
});

test("a result that differs in nothing is called by all of its settings", () => {
  assert.deepEqual(namesOf([result("0.3")], settings("0.3")), ["learning rate 0.3, start 0"]);
  const bare = { settings: [], steps: null, charts: [] };
  assert.deepEqual(namesOf([bare], []), ["an earlier result"]);
});

test("of a stream it is told how far it got", () => {
  assert.deepEqual(namesOf([result("0.3", 40)], settings("0.3")), ["picture 40"]);
  assert.deepEqual(namesOf([result("0.3", 40)], settings("1")), ["learning rate 0.3, picture 40"]);
});

test("the oldest of three makes room for a fourth, which gets its dashes", () => {
  const kept = new Kept();
  for (const rate of ["1", "2", "3", "4"]) kept.add(result(rate));
  const shown = kept.results.map(({ settings, look }) => [settings[0]!.words, look]);
  assert.deepEqual(shown, [
    ["learning rate 2", 1],
    ["learning rate 3", 2],
    ["learning rate 4", 0],
  ]);
});

test("what is drawn already is known, whatever it came from", () => {
  const kept = new Kept();
  assert.equal(kept.has(result("1")), false);
  kept.add(result("1"));
  assert.equal(kept.has({ ...result("1"), settings: [] }), true);
  assert.equal(kept.has(result("2")), false);
  kept.forget();
  assert.equal(kept.has(result("1")), false);
});
