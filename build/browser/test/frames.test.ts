import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { frameAt, Frames, isContent } from "../src/frames.js";

const bundle = (text: string) => [{ "text/plain": text }];

/** Two controls of two stops; what frames have in common is in them by its number. */
const CONTENT = {
  controls: [
    ["p", [0.1, 0.2]],
    ["on", [false, true]],
  ],
  frames: [bundle("low, off"), bundle("low, on"), { "": 1 }, { "": 1 }],
  shared: ["high", [{ "text/plain": { "": 0 } }]],
};

function served(context: TestContext, ...answers: (Response | Error)[]) {
  const fetched = context.mock.method(globalThis, "fetch", () => {
    const answer = answers.shift() ?? assert.fail("fetched once more");
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  });
  return { frames: new Frames(new URL("https://example.org/a.json")), fetched };
}

const answer = (text: string, status = 200) => new Response(text, { status });

test("each combination of stops has its frame, and shared ones are the same", () => {
  assert(isContent(CONTENT));
  assert.deepEqual(frameAt(CONTENT, { p: 0.1, on: false }), bundle("low, off"));
  assert.deepEqual(frameAt(CONTENT, { p: 0.1, on: true }), bundle("low, on"));
  assert.deepEqual(frameAt(CONTENT, { p: 0.2, on: true }), bundle("high"));
});

test("between the stops there is no frame", () => {
  assert(isContent(CONTENT));
  for (const values of [{ p: 0.15, on: true }, { p: 0.1, on: "true" }, { p: 0.1 }, {}]) {
    assert.equal(frameAt(CONTENT, values), null);
  }
});

test("a file is fetched once, for all values", async (context) => {
  const { frames, fetched } = served(context, answer(JSON.stringify(CONTENT)));
  await frames.load();
  assert.deepEqual(await frames.at({ p: 0.2, on: false }), bundle("high"));
  assert.deepEqual(await frames.at({ p: 0.1, on: true }), bundle("low, on"));
  assert.equal(fetched.mock.callCount(), 1);
});

for (const [name, text, status] of [
  ["that is not there", "Not found", 404],
  ["that is cut off", JSON.stringify(CONTENT).slice(0, -9), 200],
  ["of something else", "[1, 2]", 200],
  ["without all frames", JSON.stringify({ ...CONTENT, frames: [[], []] }), 200],
  ["whose controls have no stops", JSON.stringify({ ...CONTENT, controls: ["p"] }), 200],
] as const) {
  test(`a file ${name} is asked for once, and Python from then on`, async (context) => {
    const { frames, fetched } = served(context, answer(text, status));
    assert.equal(await frames.at({ p: 0.1, on: true }), null);
    assert.equal(await frames.at({ p: 0.1, on: true }), null);
    assert.equal(fetched.mock.callCount(), 1);
  });
}

test("without a connection Python is asked, and the next time the file again", async (context) => {
  const { frames } = served(context, new Error("offline"), answer(JSON.stringify(CONTENT)));
  assert.equal(await frames.at({ p: 0.2, on: false }), null);
  assert.deepEqual(await frames.at({ p: 0.2, on: false }), bundle("high"));
});

test("a frame that refers to nothing, or round in a circle, is none", () => {
  for (const shared of [[], [{ "": 0 }], [{ "": 1 }, { "": 0 }], [[{ "": 0 }]], ["text"]]) {
    const content = { controls: [["p", [1]]], frames: [{ "": 0 }], shared };
    assert(isContent(content));
    assert.equal(frameAt(content, { p: 1 }), null, JSON.stringify(shared));
  }
});

test("a display that looks like a reference is itself", () => {
  const display = { data: { "": 0 }, "": 3 };
  const content = {
    controls: [["p", [1]]],
    frames: [[{ data: { "": 0 }, "": 3 }]],
    shared: [{ "": 0 }],
  };
  assert(isContent(content));
  assert.deepEqual(frameAt(content, { p: 1 }), [display]);
});
