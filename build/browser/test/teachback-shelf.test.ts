import assert from "node:assert/strict";
import { test } from "node:test";
import { type Attempt, Shelf } from "../src/teachback/shelf.js";

/** A storage in memory, as a browser's. */
function storage(kept = new Map<string, string>()) {
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

const refuse = () => {
  throw new DOMException("denied", "SecurityError");
};
const ATTEMPT: Attempt = {
  score: 4,
  verdicts: { a: "met", b: "missed" },
  ideas: [],
  by: "checklist",
  nextStep: "Say b.",
};
const EMPTY = { draft: "", sha: "s", attempts: [] };
const TO = { endpoint: "https://a.org/v1/grade", operator: "A", passesTo: "" };

test("a draft and its attempts are there at the next visit, each lesson's apart", () => {
  const place = storage();
  const kept = { draft: "The loss", sha: "s", attempts: [ATTEMPT] };
  new Shelf("course", place).save("one", kept);
  const again = new Shelf("course", place);
  assert.deepEqual(again.load("one", "s"), kept);
  assert.deepEqual(again.load("two", "s"), EMPTY);
  assert.deepEqual(new Shelf("other", place).load("one", "s"), EMPTY);
  assert.ok(again.keeps);
});

test("attempts by another rubric go, the draft stays", () => {
  const shelf = new Shelf("course", storage());
  shelf.save("one", { draft: "mine", sha: "old", attempts: [ATTEMPT] });
  assert.deepEqual(shelf.load("one", "new"), { draft: "mine", sha: "new", attempts: [] });
});

test("what is damaged is as if it were not there", () => {
  const texts = [
    "{",
    "null",
    '"a"',
    '{"draft": 1, "sha": "s", "attempts": []}',
    "x".repeat(100_001),
  ];
  for (const text of texts) {
    const place = storage(new Map([["teachback:course:draft:one", text]]));
    assert.deepEqual(new Shelf("course", place).load("one", "s"), EMPTY, text.slice(0, 20));
  }
  const wrong = JSON.stringify({ draft: "mine", sha: "s", attempts: [{ ...ATTEMPT, by: "luck" }] });
  const place = storage(new Map([["teachback:course:draft:one", wrong]]));
  assert.deepEqual(new Shelf("course", place).load("one", "s"), { ...EMPTY, draft: "mine" });
});

test("without a storage, or with one that refuses, all is kept for as long as the page is", () => {
  const denied = { getItem: refuse, setItem: refuse, removeItem: refuse };
  for (const place of [null, denied, { ...storage(), setItem: refuse }]) {
    const shelf = new Shelf("course", place);
    shelf.save("one", { ...EMPTY, draft: "mine" });
    assert.equal(shelf.load("one", "s").draft, "mine");
    assert.equal(shelf.keeps, false);
    shelf.agree(TO);
    assert.ok(shelf.agreed(TO));
    shelf.withdraw();
    assert.ok(!shelf.agreed(TO));
  }
});

test("an agreement is about one address and who runs it, and can be taken back", () => {
  const place = storage();
  const shelf = new Shelf("course", place);
  assert.ok(!shelf.agreed(TO));
  shelf.agree(TO);
  const later = new Shelf("course", place);
  assert.ok(later.agreed(TO));
  assert.ok(!later.agreed({ ...TO, operator: "B" }));
  assert.ok(!later.agreed({ ...TO, passesTo: "C" }));
  assert.ok(!later.agreed({ ...TO, endpoint: "https://b.org/v1/grade" }));
  assert.ok(!new Shelf("other", place).agreed(TO));
  later.withdraw();
  assert.ok(!new Shelf("course", place).agreed(TO));
  assert.ok(!shelf.agreed(TO), "a page that agreed and is open still");
});
