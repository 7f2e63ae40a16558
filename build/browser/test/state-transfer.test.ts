import assert from "node:assert/strict";
import { test } from "node:test";
import { countIn, countOf, leftOff, partsIn } from "../src/state/outline.js";
import { Store } from "../src/state/store.js";
import { BadFile, fileOf, recordsIn } from "../src/state/transfer.js";

const open = () => new Store("course", { load: async () => [], write: async () => undefined });
const CODE = { code: "1 + 1", template: "0" };

/** A reader who has done something of each kind. */
function filled(): Store {
  const store = open();
  store.set("one", "cell", "code", CODE);
  store.set("one", "cell", "done", true);
  store.set("one", "guess", "answer", { given: [1], of: "x" });
  store.set("one", "teach-back", "draft", { draft: "mine", sha: "s", attempts: [] });
  store.set("", "", "grader", { endpoint: "https://a.org/", operator: "A", passesTo: "" });
  return store;
}

const names = (store: Store) =>
  Array.from(store.all(), ([{ lesson, block, kind }]) => `${lesson}/${block}/${kind}`);

test("what was saved on one device is there on another; what was agreed to is not", () => {
  const there = open();
  const records = recordsIn(fileOf(filled(), new Date(0)), "course");
  assert.equal(there.add(records), 4);
  assert.deepEqual(names(there), [
    "one/cell/code",
    "one/cell/done",
    "one/guess/answer",
    "one/teach-back/draft",
  ]);
  assert.deepEqual(there.get("one", "cell", "code"), CODE);
  assert.equal(there.add(records), 0, "a second time nothing is new");
});

test("what could not be loaded again does not spoil the file", () => {
  const store = filled();
  store.set("one", "cell", "code", { ...CODE, code: "x".repeat(1_000_001) });
  assert.equal(recordsIn(fileOf(store, new Date(0)), "course").size, 3);
});

test("what is newer here stays", () => {
  const file = fileOf(filled(), new Date(0));
  const here = filled();
  here.set("one", "cell", "code", { ...CODE, code: "newer" });
  here.add(recordsIn(file, "course"));
  assert.equal(here.get("one", "cell", "code")?.code, "newer");
});

test("no file can bring an agreement", () => {
  const file = JSON.parse(fileOf(open(), new Date(0))) as { records: object };
  const value = { endpoint: "https://evil.org/", operator: "E", passesTo: "" };
  file.records = { "//grader": { value, at: 1 } };
  assert.equal(recordsIn(JSON.stringify(file), "course").size, 0);
});

test("a file that is none of ours, or damaged, is refused as a whole and in words", () => {
  const good = JSON.parse(fileOf(filled(), new Date(0))) as Record<string, unknown>;
  const changed = (change: object) => JSON.stringify({ ...good, ...change });
  const refused: [text: string, words: RegExp][] = [
    ["", /damaged, or not one/],
    ["{", /damaged, or not one/],
    ["[]", /not a file that was saved/],
    ['{"records": {}}', /not a file that was saved/],
    [changed({ records: null }), /not a file that was saved/],
    [changed({ schema: 2 }), /another version/],
    [changed({ course: "other" }), /another course/],
    [changed({ records: { "one/cell/code": { value: 1, at: 1 } } }), /at “one\/cell\/code”/],
    [changed({ records: { "one/cell/spell": { value: 1, at: 1 } } }), /at “one\/cell\/spell”/],
  ];
  for (const [text, words] of refused) {
    assert.throws(
      () => recordsIn(text, "course"),
      (error) => error instanceof BadFile && words.test(error.message),
      text.slice(0, 60),
    );
  }
});

const PARTS = [
  { id: "first", title: "First", acts: ["cell", "guess"] },
  { id: "read", title: "Only to read", acts: [] },
];
const LESSON = { id: "one", title: "One", parts: PARTS };

test("progress counts what there is to do, and not what is gone from the lesson", () => {
  const store = filled();
  store.set("one", "gone", "done", true);
  assert.deepEqual(countIn(store, "one", PARTS[0]!), { done: 1, of: 2 });
  assert.deepEqual(countOf(store, LESSON), { done: 1, of: 2 });
  assert.deepEqual(partsIn(JSON.stringify(PARTS)), [PARTS[0]]);
  assert.deepEqual(partsIn(undefined), []);
});

test("one left off where one was last, if that still is there", () => {
  const store = open();
  assert.equal(leftOff(store, [LESSON]), null);
  store.set("gone", "", "place", "first");
  assert.equal(leftOff(store, [LESSON]), null);
  store.set("one", "", "place", "read");
  assert.equal(leftOff(store, [LESSON])?.part?.title, "Only to read");
  store.set("one", "", "place", "renamed");
  assert.deepEqual(leftOff(store, [LESSON])?.part, null);
});
