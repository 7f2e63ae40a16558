import assert from "node:assert/strict";
import { test } from "node:test";
import { latest } from "../src/latest.js";

/** Work that waits to be finished by hand. */
function slowWork() {
  const begun: number[] = [];
  const finish: (() => void)[] = [];
  const work = (value: number) => {
    begun.push(value);
    return new Promise<void>((resolve) => finish.push(resolve));
  };
  const finishNext = async () => {
    finish.shift()?.();
    await new Promise(setImmediate);
  };
  return { begun, work, finishNext };
}

test("the first value is worked on at once", () => {
  const { begun, work } = slowWork();
  latest(work).push(1);
  assert.deepEqual(begun, [1]);
});

test("of the values that arrive meanwhile only the newest is worked on", async () => {
  const { begun, work, finishNext } = slowWork();
  const queue = latest(work);
  for (const value of [1, 2, 3, 4]) queue.push(value);
  await finishNext();
  assert.deepEqual(begun, [1, 4]);
});

test("a queue that ran dry starts again", async () => {
  const { begun, work, finishNext } = slowWork();
  const queue = latest(work);
  queue.push(1);
  await finishNext();
  queue.push(2);
  assert.deepEqual(begun, [1, 2]);
});

test("clear forgets what waits", async () => {
  const { begun, work, finishNext } = slowWork();
  const queue = latest(work);
  queue.push(1);
  queue.push(2);
  queue.clear();
  await finishNext();
  assert.deepEqual(begun, [1]);
});

test("work that fails does not block what comes after", async (context) => {
  const logged = context.mock.method(console, "error", () => {});
  const begun: number[] = [];
  const queue = latest(async (value: number) => {
    begun.push(value);
    if (value === 1) throw new Error("no");
  });
  queue.push(1);
  queue.push(2);
  await new Promise(setImmediate);
  assert.deepEqual(begun, [1, 2]);
  assert.equal(logged.mock.callCount(), 1);
});
