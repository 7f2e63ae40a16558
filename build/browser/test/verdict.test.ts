import assert from "node:assert/strict";
import { test } from "node:test";
import { alike, judge, judgeNumber, judgeOrder } from "../src/verdict.js";

test("one right option is right, another is not, none is no answer", () => {
  assert.equal(judge([1], [1], false).is, "right");
  assert.equal(judge([0], [1], false).is, "wrong");
  assert.equal(judge([], [1], false).is, "unanswered");
});

test("of several right options all are wanted, and nothing else", () => {
  assert.equal(judge([0, 2], [0, 2], true).is, "right");
  assert.deepEqual(judge([0], [0, 2], true), {
    is: "wrong",
    words: "So far right, but not all of it.",
  });
  assert.equal(judge([0, 1, 2], [0, 2], true).words, "Not yet. Read why, and try again.");
});

test("a number is right within its tolerance, the ends included", () => {
  for (const typed of ["0.3", "0,3", " .35 ", "0.25", "3e-1"]) {
    assert.equal(judgeNumber(typed, 0.1 + 0.2, 0.05).is, "right", typed);
  }
  assert.equal(judgeNumber("0.3", 0.1 + 0.2, 0).is, "right");
  assert.equal(judgeNumber("−2", -2, 0).is, "right");
  assert.equal(judgeNumber("0.36", 0.3, 0.05).words, "Not yet: that is too large.");
  assert.equal(judgeNumber("-1", 0.3, 0.05).words, "Not yet: that is too small.");
  for (const typed of ["", "two", "1 2", "Infinity"]) {
    assert.equal(judgeNumber(typed, 1, 1).is, "unanswered", typed);
  }
});

test("a comma parts thousands where the answer says so, else it is a decimal comma", () => {
  assert.equal(judgeNumber("1,000", 1000, 0).is, "right");
  assert.equal(judgeNumber("1,234,567", 1234567, 0).is, "right");
  assert.equal(judgeNumber("1,125", 1.125, 0).is, "right");
  assert.equal(judgeNumber("1,000", 2, 0).words, "Not yet: that is too small.");
});

test("results are alike if only the last digits of their numbers differ", () => {
  assert.ok(alike("[0.30000000000000004, 'a1']", "[0.3, 'a1']"));
  assert.ok(alike("1e-10", "0"));
  assert.ok(!alike("0.3", "0.31"));
  assert.ok(!alike("[1, 2]", "[1, 2, 3]"));
  assert.ok(!alike("None", "0.0"));
  assert.ok(!alike("x1", "y1"));
});

test("an order is right when every item is in its place", () => {
  assert.equal(judgeOrder([0, 1, 2]).is, "right");
  assert.equal(judgeOrder([0, 2, 1]).words, "Not yet: 1 of 3 are in their place.");
});
