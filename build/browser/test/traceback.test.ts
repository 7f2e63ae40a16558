import assert from "node:assert/strict";
import { test } from "node:test";
import { linesIn, told } from "../src/traceback.js";

const TRACEBACK = `Traceback (most recent call last):
  File "<cell use-it>", line 2, in <module>
    invert(a)
  File "<cell name-it>", line 3, in invert
    return 1 / x
           ~~^~~
  File "/lib/python3.14/site-packages/demos/other.py", line 4, in deep
ZeroDivisionError: division by zero
`;

test("the lines of a file that a traceback goes through, the innermost last", () => {
  assert.deepEqual(linesIn(TRACEBACK, "<cell use-it>"), [2]);
  assert.deepEqual(linesIn(TRACEBACK, "<cell name-it>"), [3]);
  assert.deepEqual(linesIn(TRACEBACK, "<cell name>"), []);
  const recursion = TRACEBACK.replaceAll("name-it", "use-it");
  assert.deepEqual(linesIn(recursion, "<cell use-it>"), [2, 3]);
  assert.equal(told([2, 3]), "(line\u00a03)");
  assert.equal(told([]), "");
});
