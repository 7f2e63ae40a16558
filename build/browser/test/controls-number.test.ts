import assert from "node:assert/strict";
import { test } from "node:test";
import { clamp, nearest, settle } from "../src/controls-number.js";

const probability = { min: 0.001, max: 1, step: 0.001 };
const layers = { min: 1, max: 9, step: 2 };
const anything = { min: 0, max: 10, step: NaN };

test("a value is kept within its bounds", () => {
  assert.equal(clamp(7, probability), 1);
  assert.equal(clamp(-1, probability), 0.001);
});

test("an exact value between two steps is kept", () => {
  assert.equal(clamp(0.12345, probability), 0.12345);
  assert.equal(clamp(2.5, anything), 2.5);
  assert.equal(clamp(1.2345678e-9, { min: 1e-13, max: 1, step: NaN }), 1.2345678e-9);
});

test("a control in whole numbers stays on its steps", () => {
  assert.equal(clamp(4.2, layers), 5);
  assert.equal(clamp(2, { min: 0, max: 10, step: 1 }), 2);
  assert.equal(clamp(99, layers), 9);
});

test("what was typed is kept, or the reader is told what became of it", () => {
  const weight = { min: -3, max: 3, step: 0.1 };
  assert.deepEqual(settle(0.25, 1, weight), { kept: 0.25, note: "" });
  const said = (typed: number, bounds = weight) => settle(typed, -1, bounds).note;
  assert.equal(said(NaN), "Back to −1: a number is needed here.");
  assert.equal(said(9), "Set to 3, the largest number here.");
  assert.equal(said(-9), "Set to −3, the smallest number here.");
  assert.equal(said(2.4, { min: 1, max: 9, step: 1 }), "Set to 2: whole numbers only.");
  assert.equal(said(4, layers), "Set to 5: steps of 2 only.");
  assert.equal(said(11, anything), "Set to 10, the largest number here.");
});

test("on a logarithmic scale the nearest position differs by the smallest factor", () => {
  const positions = [0.001, 0.01, 0.1, 1];
  assert.equal(nearest(positions, 0.01), 1);
  assert.equal(nearest(positions, 0.04), 2); // 0.01 is nearer by difference
  assert.equal(nearest(positions, 0.0001), 0);
  assert.equal(nearest(positions, 5), 3);
});
