import assert from "node:assert/strict";
import { test } from "node:test";
import { comesBack, daysUntil, dueIn, isDue } from "../src/state/due.js";
import { scheduled } from "../src/state/fsrs.js";
import type { Scheduled } from "../src/state/kinds.js";
import { hasCard } from "../src/state/outline.js";
import { Store } from "../src/state/store.js";
import vectors from "./fsrs-vectors.json";

const DAY = 86_400_000;
const NOON = new Date(2026, 0, 10, 12).getTime();
const card = (due: number): Scheduled => ({
  due,
  last: due - DAY,
  stability: 1,
  difficulty: 5,
  reps: 1,
  lapses: 0,
});

function close(one: number, other: number, what: string): void {
  assert.ok(Math.abs(one - other) <= 1e-6 * Math.abs(other), `${what}: ${one}, not ${other}`);
}

test("cards come back when py-fsrs says so, whatever was remembered and however late", () => {
  assert.equal(vectors.length, 64);
  for (const { remembered, late, reviews } of vectors) {
    let [now, known] = [Date.UTC(2026, 0, 1, 12), null as Scheduled | null];
    for (const [i, expected] of reviews.entries()) {
      known = scheduled(known, remembered[i]!, now);
      const what = `${remembered.slice(0, i + 1).join()}, ${late} days late`;
      assert.equal(daysUntil(known.due, now), expected.days, `days after ${what}`);
      close(known.stability, expected.stability, `stability after ${what}`);
      close(known.difficulty, expected.difficulty, `difficulty after ${what}`);
      now = known.due + late * DAY;
    }
  }
});

test("how often a card was seen and forgotten is counted", () => {
  const once = scheduled(null, true, NOON);
  const twice = scheduled(once, false, once.due);
  assert.deepEqual([once.reps, once.lapses, twice.reps, twice.lapses], [1, 0, 2, 1]);
});

test("a card is due on its day, from the first hour to the last, and on all later ones", () => {
  const evening = card(new Date(2026, 0, 10, 23, 59).getTime());
  assert.ok(isDue(evening, new Date(2026, 0, 10, 0, 1).getTime()));
  assert.ok(isDue(evening, new Date(2026, 0, 12).getTime()));
  assert.ok(!isDue(evening, new Date(2026, 0, 9, 23, 59).getTime()));
  assert.equal(daysUntil(new Date(2026, 2, 30).getTime(), new Date(2026, 2, 28).getTime()), 2);
});

test("when it comes back is said in days", () => {
  assert.equal(comesBack(card(NOON), NOON), "Comes back today.");
  assert.equal(comesBack(card(NOON + DAY), NOON), "Comes back tomorrow.");
  assert.equal(comesBack(card(NOON + 11 * DAY), NOON), "Comes back in 11 days.");
});

test("of the cards that are due the one that waits longest comes first", () => {
  const store = new Store("course", { load: async () => [], write: async () => undefined });
  store.set("one", "late", "card", card(NOON - 9 * DAY));
  store.set("one", "later", "card", card(NOON + 2 * DAY));
  store.set("two", "today", "card", card(NOON));
  store.set("two", "today", "done", true);
  assert.deepEqual(
    dueIn(store, NOON).map(({ lesson, block }) => `${lesson}/${block}`),
    ["one/late", "two/today"],
  );
});

test("a card that was taken out of its lesson, or its lesson out of the course, is not there", () => {
  const cards = { id: "cards", title: "Cards", acts: ["card-a"] };
  const lessons = [{ id: "one", title: "One", parts: [cards] }];
  assert.ok(hasCard(lessons, "one", "card-a"));
  assert.ok(!hasCard(lessons, "one", "card-b"));
  assert.ok(!hasCard(lessons, "two", "card-a"));
});
