import assert from "node:assert/strict";
import { test } from "node:test";
import { indentation } from "../src/plain-editor.js";

test("a new line of code begins where the last does, or a step into its block", () => {
  assert.equal(indentation("x = 1"), "");
  assert.equal(indentation("for i in a:"), "    ");
  assert.equal(indentation("def f():\n    while True:  # ever"), "        ");
  assert.equal(indentation("def f():\n    return 1"), "    ");
  assert.equal(indentation("x = {1: 2}"), "");
});
