import assert from "node:assert/strict";
import { test } from "node:test";
import { entriesOf, entryFor, isPlan, lacksSlash, type Plan } from "../src/offline/plan.js";

const SCOPE = new URL("https://example.org/some/course/");
const FONT = "assets/coursewright/fonts/inter-NRMW37G5.woff2";
const PATHS = [
  "index.html",
  "lessons/one/index.html",
  "flat.html",
  "assets/a b.js",
  FONT,
  "assets/runtime/manifest.json",
  "lessons/one/deck-12345678.apkg",
];
const PLAN: Plan = {
  build: "b1",
  bytes: 70,
  files: Object.fromEntries(PATHS.map((path) => [path, [10, `hash of ${path}`]])),
};
const pathAt = (address: string) => entryFor(PLAN, SCOPE, new URL(address, SCOPE))?.path ?? null;

test("an address stands for the file that hosts send for it", () => {
  assert.equal(pathAt(""), "index.html");
  assert.equal(pathAt("?h=loss#there"), "index.html");
  assert.equal(pathAt("lessons/one/"), "lessons/one/index.html");
  assert.equal(pathAt("lessons/one/index.html"), "lessons/one/index.html");
  assert.equal(pathAt("flat"), "flat.html");
  assert.equal(pathAt("assets/a%20b.js"), "assets/a b.js");
});

test("what the build does not have is nobody's, and so is what lies outside", () => {
  for (const address of [
    "lessons/two/",
    "toString",
    "..",
    "../other/index.html",
    "%E0%A4%A",
    "https://example.com/some/course/",
  ]) {
    assert.equal(pathAt(address), null, address);
  }
});

test("a folder's address without its slash is known as that", () => {
  assert.equal(lacksSlash(PLAN, SCOPE, new URL("lessons/one", SCOPE)), true);
  assert.equal(lacksSlash(PLAN, SCOPE, new URL("lessons/two", SCOPE)), false);
  assert.equal(lacksSlash(PLAN, SCOPE, new URL("lessons/one/", SCOPE)), false);
});

test("only names that our own build makes from what a file holds are taken to be fixed", () => {
  const fixed = entriesOf(PLAN).filter((entry) => entry.fixed);
  assert.deepEqual(
    fixed.map(({ path }) => path),
    [FONT],
  );
});

test("a damaged list is none", () => {
  assert.equal(isPlan(PLAN), true);
  for (const broken of [
    null,
    {},
    { ...PLAN, build: 1 },
    { ...PLAN, bytes: "70" },
    { ...PLAN, files: { "a.js": "hash" } },
    { ...PLAN, files: { "a.js": ["10", "hash"] } },
  ]) {
    assert.equal(isPlan(broken), false, JSON.stringify(broken));
  }
});
