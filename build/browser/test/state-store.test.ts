import assert from "node:assert/strict";
import { test } from "node:test";
import type { Place } from "../src/state/database.js";
import { parseRecord, subjectOf } from "../src/state/records.js";
import { type Line, Store } from "../src/state/store.js";

/** A browser's storage, which may be full or denied. */
class Drawer implements Place {
  readonly kept = new Map<string, unknown>();
  readonly writes: string[][] = [];
  refuses = false;
  denied = false;
  slow: Promise<void> | null = null;

  async load(): Promise<[string, unknown][]> {
    if (this.denied) throw new DOMException("denied", "SecurityError");
    return [...this.kept];
  }

  async write(changes: ReadonlyMap<string, object | null>): Promise<void> {
    if (this.refuses || this.denied) throw new DOMException("full", "QuotaExceededError");
    this.writes.push([...changes.keys()]);
    await this.slow;
    for (const [name, record] of changes) {
      if (record) this.kept.set(name, structuredClone(record));
      else this.kept.delete(name);
    }
  }
}

/** Two ends of a line between tabs. */
function line(): [Line, Line] {
  const end = (other: () => Line): Line => ({
    onmessage: null,
    postMessage: (data) =>
      other().onmessage?.({ data: structuredClone(data) } as MessageEvent<unknown>),
  });
  const ends: [Line, Line] = [end(() => ends[1]), end(() => ends[0])];
  return ends;
}

const open = (place = new Drawer()) => new Store("course", place).load();
const CODE = { code: "1 + 1", template: "0" };

test("what is put there is there at the next visit", async () => {
  const drawer = new Drawer();
  const store = await open(drawer);
  store.set("one", "cell", "code", CODE);
  store.set("one", "cell", "done", true);
  await store.settled();
  const again = await open(drawer);
  assert.deepEqual(again.get("one", "cell", "code"), CODE);
  assert.equal(again.get("one", "cell", "done"), true);
  assert.equal(again.get("two", "cell", "code"), null);
  assert.deepEqual(drawer.writes, [["one/cell/code", "one/cell/done"]], "in one transaction");
  again.set("one", "cell", "code", null);
  await again.settled();
  assert.equal((await open(drawer)).get("one", "cell", "code"), null);
});

test("what is damaged in the storage is as if it were not there, and harms nothing else", async () => {
  const drawer = new Drawer();
  const good = { value: CODE, at: 1 };
  const damaged: [string, unknown][] = [
    ["one/a/code", null],
    ["one/b/code", { at: 1 }],
    ["one/c/code", { value: { code: 1, template: "" }, at: 1 }],
    ["one/d/code", { value: CODE, at: "yesterday" }],
    ["one/e/spell", { value: CODE, at: 1 }],
    ["one/f/code/g", good],
    ["One/h/code", good],
    ["one/i/card", { value: { due: NaN }, at: 1 }],
    [
      "one/i2/card",
      { value: { due: 1, last: 1, stability: 0, difficulty: 5, reps: 1, lapses: 0 }, at: 1 },
    ],
    ["one/j/answer", { value: { given: [1, "2"], of: "" }, at: 1 }],
    ["one/k/code", { value: { code: "x".repeat(1_000_001), template: "" }, at: 1 }],
  ];
  for (const [name, record] of [...damaged, ["one/z/code", good] as const]) {
    drawer.kept.set(name, record);
  }
  const store = await open(drawer);
  assert.deepEqual(
    [...store.all()].map(([{ block }]) => block),
    ["z"],
  );
  assert.ok(store.keeps);
  store.set("one", "c", "code", CODE);
  await store.settled();
  assert.deepEqual((await open(drawer)).get("one", "c", "code"), CODE);
});

test("without a storage the page goes on, and knows that nothing is kept", async () => {
  const drawer = new Drawer();
  drawer.denied = true;
  const store = await open(drawer);
  assert.equal(store.keeps, false);
  store.set("one", "cell", "code", CODE);
  await store.settled();
  assert.deepEqual(store.get("one", "cell", "code"), CODE);
});

test("what a full storage refused is stored once there is room", async () => {
  const drawer = new Drawer();
  const store = await open(drawer);
  const told: boolean[] = [];
  store.watchKeeping(() => told.push(store.keeps), new AbortController().signal);
  drawer.refuses = true;
  store.set("one", "first", "code", CODE);
  store.set("one", "second", "done", true);
  await store.settled();
  assert.equal(drawer.kept.size, 0);
  drawer.refuses = false;
  store.set("one", "first", "code", { ...CODE, code: "2" });
  await store.settled();
  assert.deepEqual(told, [false, true]);
  const again = await open(drawer);
  assert.equal(again.get("one", "first", "code")?.code, "2");
  assert.equal(again.get("one", "second", "done"), true);
});

test("a change waits for no other: the page may be left at once", async () => {
  const drawer = new Drawer();
  const store = await open(drawer);
  let end = () => {};
  drawer.slow = new Promise((resolve) => (end = resolve));
  store.set("one", "first", "done", true);
  await null;
  store.set("one", "second", "done", true);
  store.set("one", "second", "code", CODE);
  await null;
  await null;
  const both = [["one/first/done"], ["one/second/done", "one/second/code"]];
  assert.deepEqual(drawer.writes, both);
  end();
  await store.settled();
});

test("what is changed while the storage is read stays changed", async () => {
  const drawer = new Drawer();
  const store = await open(drawer);
  store.set("one", "gone", "done", true);
  await store.settled();
  const reading = store.load();
  store.set("one", "gone", "done", null);
  store.set("one", "new", "done", true);
  await reading;
  assert.deepEqual(
    [...store.all()].map(([{ block }]) => block),
    ["new"],
  );
});

test("two tabs agree: the later of two values holds in both", async () => {
  const [left, right] = line();
  const drawer = new Drawer();
  const here = await new Store("course", drawer, left).load();
  const there = await new Store("course", drawer, right).load();
  const heard: (string | undefined)[] = [];
  const note = () => heard.push(there.get("one", "cell", "code")?.code);
  there.watch("one", "cell", "code", note, new AbortController().signal);
  here.set("one", "cell", "code", CODE);
  here.set("one", "cell", "code", { ...CODE, code: "2" });
  here.set("one", "cell", "code", null);
  assert.deepEqual(heard, ["1 + 1", "2", undefined]);
  there.set("one", "cell", "code", CODE);
  assert.deepEqual(here.get("one", "cell", "code"), CODE);
  right.postMessage({ name: "one/cell/code", record: { value: { ...CODE, code: "old" }, at: 1 } });
  right.postMessage({ name: "one/cell/code", record: { value: "no code", at: Infinity } });
  right.postMessage({ name: "../x", record: null });
  right.postMessage(null);
  assert.deepEqual(here.get("one", "cell", "code"), CODE);
});

test("a value that stays the same is not written again", async () => {
  const drawer = new Drawer();
  const store = await open(drawer);
  for (let i = 0; i < 3; i++) {
    store.set("one", "cell", "done", true);
    await store.settled();
  }
  assert.equal(drawer.writes.length, 1);
});

test("a clock that was set back does not make the newer value the older one", async () => {
  const drawer = new Drawer();
  drawer.kept.set("one/cell/code", { value: CODE, at: Date.now() + 1e9 });
  const store = await open(drawer);
  store.set("one", "cell", "code", { ...CODE, code: "mine" });
  await store.settled();
  await store.load();
  assert.equal(store.get("one", "cell", "code")?.code, "mine");
});

test("what was stored and removed meanwhile is found when a page comes back", async () => {
  const drawer = new Drawer();
  const [store, other] = [await open(drawer), await open(drawer)];
  store.set("one", "mine", "done", true);
  await store.settled();
  await other.load();
  other.set("one", "mine", "done", null);
  other.set("one", "theirs", "done", true);
  await other.settled();
  await store.load();
  assert.deepEqual(
    [...store.all()].map(([{ block }]) => block),
    ["theirs"],
  );
});

test("forgetting everything forgets everything", async () => {
  const drawer = new Drawer();
  const store = await open(drawer);
  store.set("one", "cell", "done", true);
  store.set("", "", "grader", { endpoint: "https://a.org/", operator: "A", passesTo: "" });
  store.clear();
  await store.settled();
  assert.deepEqual([...store.all()], []);
  assert.equal(drawer.kept.size, 0);
});

test("a record is known by its name, and keeps nothing that does not belong to it", () => {
  assert.deepEqual(subjectOf("one/cell/code"), { lesson: "one", block: "cell", kind: "code" });
  assert.deepEqual(subjectOf("//grader"), { lesson: "", block: "", kind: "grader" });
  assert.equal(subjectOf("one/cell/constructor"), null);
  const more = { value: { ...CODE, more: 1 }, at: 5, more: 1 };
  assert.deepEqual(parseRecord("one/cell/code", more), { value: CODE, at: 5 });
});
