import assert from "node:assert/strict";
import { test } from "node:test";
import { fragmentOf, settingsIn } from "../src/address.js";

const AWKWARD: [string, string][] = [
  ["word", 'O\'Hare & "x" <b>#?=+ か'],
  ["rate", "-1e-7"],
];

test("settings written into an address are read from it as they were", () => {
  const { hash } = new URL(`https://example.org/#${fragmentOf("all-kinds", AWKWARD)}`);
  assert.deepEqual([...settingsIn(hash.slice(1), "all-kinds")!], AWKWARD);
});

test("a demo at its start has an address without settings", () => {
  assert.equal(fragmentOf("descent", []), "descent");
  assert.equal(settingsIn("descent", "descent"), null);
});

test("settings for another demo are none of this one's", () => {
  assert.equal(settingsIn("descent-1d?lr=2", "descent"), null);
  assert.equal(settingsIn("", "descent"), null);
});
