import assert from "node:assert/strict";
import { test } from "node:test";
import { migrate } from "../src/state/migrate.js";
import { Store } from "../src/state/store.js";
import { type Attempt, parseKept } from "../src/teachback/kept.js";
import { Shelf } from "../src/teachback/shelf.js";

/** The page's old storage, as a browser's. */
function old(entries: Record<string, string>) {
  const kept = new Map(Object.entries(entries));
  return {
    kept,
    get length() {
      return kept.size;
    },
    key: (i: number) => [...kept.keys()][i] ?? null,
    getItem: (key: string) => kept.get(key) ?? null,
    removeItem: (key: string) => void kept.delete(key),
  };
}

const refuse = async () => Promise.reject(new DOMException("denied", "SecurityError"));
const working = { load: async () => [], write: async () => undefined };
const denied = { load: refuse, write: refuse };
const open = (place: typeof working | typeof denied = working) => new Store("course", place).load();

const ATTEMPT: Attempt = {
  score: 4,
  verdicts: { a: "met", b: "missed" },
  ideas: [],
  by: "checklist",
  nextStep: "Say b.",
};
const EMPTY = { draft: "", sha: "s", attempts: [] };
const MINE = { draft: "The loss", sha: "s", attempts: [ATTEMPT] };
const TO = { endpoint: "https://a.org/v1/grade", operator: "A", passesTo: "" };

test("a draft and its attempts are kept, each lesson's apart", async () => {
  const store = await open();
  new Shelf(store, "one").save(MINE);
  assert.deepEqual(new Shelf(store, "one").load("s"), MINE);
  assert.deepEqual(new Shelf(store, "two").load("s"), EMPTY);
});

test("attempts by another rubric go, the draft stays", async () => {
  const shelf = new Shelf(await open(), "one");
  shelf.save({ ...MINE, sha: "old" });
  assert.deepEqual(shelf.load("new"), { draft: "The loss", sha: "new", attempts: [] });
});

test("attempts that make no sense go, the draft stays", () => {
  const wrong = { ...MINE, attempts: [{ ...ATTEMPT, by: "luck" }] };
  assert.deepEqual(parseKept(wrong), { ...MINE, attempts: [] });
  assert.equal(parseKept({ ...MINE, draft: 1 }), null);
});

test("an agreement is about one address and who runs it, and can be taken back", async () => {
  const store = await open();
  const shelf = new Shelf(store, "one");
  assert.ok(!shelf.agreed(TO));
  shelf.agree(TO);
  const later = new Shelf(store, "two");
  assert.ok(later.agreed(TO));
  assert.ok(!later.agreed({ ...TO, operator: "B" }));
  assert.ok(!later.agreed({ ...TO, passesTo: "C" }));
  assert.ok(!later.agreed({ ...TO, endpoint: "https://b.org/v1/grade" }));
  later.withdraw();
  assert.ok(!shelf.agreed(TO), "a page that agreed and is open still");
});

test("what the page's old storage holds moves into the store, once", async () => {
  const entries = {
    "teachback:course:draft:one": JSON.stringify(MINE),
    "teachback:course:grader": JSON.stringify(TO),
    "teachback:other:draft:one": JSON.stringify(MINE),
    theme: "dark",
  };
  const [store, storage] = [await open(), old(entries)];
  await migrate(store, storage);
  const shelf = new Shelf(store, "one");
  assert.deepEqual(shelf.load("s"), MINE);
  assert.ok(shelf.agreed(TO));
  assert.equal(store.get("one", "teach-back", "done"), true);
  assert.deepEqual([...storage.kept.keys()], ["teachback:other:draft:one", "theme"]);
});

test("what is newer in the store stays", async () => {
  const store = await open();
  const shelf = new Shelf(store, "one");
  shelf.save({ ...EMPTY, draft: "newer" });
  await migrate(store, old({ "teachback:course:draft:one": JSON.stringify(MINE) }));
  assert.equal(shelf.load("s").draft, "newer");
});

test("nothing is taken from the old storage that the new one cannot keep or read", async () => {
  const entries = {
    "teachback:course:draft:one": JSON.stringify(MINE),
    "teachback:course:draft:two": "{",
    "teachback:course:grader": "null",
  };
  const [refused, storage] = [await open(denied), old(entries)];
  await migrate(refused, storage);
  assert.deepEqual(new Shelf(refused, "one").load("s"), MINE, "it can be used all the same");
  assert.equal(storage.kept.size, 3);
  await migrate(await open(), storage);
  assert.deepEqual(
    [...storage.kept.keys()],
    ["teachback:course:draft:two", "teachback:course:grader"],
  );
});
