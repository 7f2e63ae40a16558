import assert from "node:assert/strict";
import { test } from "node:test";
import { answered, describe, invitation } from "../src/words.js";

const line = (status: Parameters<typeof describe>[0]) => {
  const { said, shown } = describe(status);
  return said + shown;
};

test("the status line counts megabytes", () => {
  const status = { phase: "downloading", loaded: 3.2e6, total: 9.04e6 } as const;
  assert.equal(line(status), "Loading Python: 3.2 of 9.0 MB");
});

test("before the size is known it only says what loads", () => {
  assert.equal(line({ phase: "downloading", loaded: 0, total: 0 }), "Loading Python");
});

test("the other phases have their words", () => {
  assert.equal(line({ phase: "starting" }), "Starting Python");
  assert.equal(line({ phase: "packages" }), "Loading packages");
  assert.equal(line({ phase: "ready", check: "sha256" }), "Ready");
  assert.equal(line({ phase: "failed", message: "a.bin: 404" }), "Python did not load: a.bin: 404");
});

test("a lost connection is said in the reader's words", () => {
  const status = { phase: "failed", message: "a.bin: no connection", offline: true } as const;
  assert.equal(line(status), "No connection: Python did not load");
});

test("what a first move would load is said beforehand", () => {
  assert.equal(invitation(10_248_408, "move"), "Python loads when you move a control (10.2 MB)");
});

test("a page that cannot verify files says so", () => {
  assert.match(line({ phase: "ready", check: "size" }), /checked by size only.*not on https/);
});

test("an answer's time reads well at every size", () => {
  assert.equal(answered(0.2), ", answered in 1 ms");
  assert.equal(answered(41.6), ", answered in 42 ms");
  assert.equal(answered(2345), ", answered in 2.3 s");
});
