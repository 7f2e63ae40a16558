import assert from "node:assert/strict";
import { test } from "node:test";
import { clamp } from "../src/controls.js";

const probability = { min: 0.001, max: 1, step: 0.001 };
const layers = { min: 1, max: 9, step: 2 };

test("a value is kept within its bounds", () => {
  assert.equal(clamp(7, probability), 1);
  assert.equal(clamp(-1, probability), 0.001);
});

test("an exact value between two steps is kept", () => {
  assert.equal(clamp(0.12345, probability), 0.12345);
});

test("a control in whole numbers stays on its steps", () => {
  assert.equal(clamp(4.2, layers), 5);
  assert.equal(clamp(2, { min: 0, max: 10, step: 1 }), 2);
  assert.equal(clamp(99, layers), 9);
});
