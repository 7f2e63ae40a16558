import assert from "node:assert/strict";
import { test } from "node:test";
import { parseEvent } from "../src/protocol.js";

const answer = (json: string) => ({ kind: "answer", runId: 7, json, milliseconds: 3 });

test("a runner's answer becomes a result with its displays", () => {
  const event = parseEvent(answer('{"displays": [{"text/plain": "1"}]}'));
  const displays = [{ "text/plain": "1" }];
  assert.deepEqual(event, { kind: "result", runId: 7, displays, milliseconds: 3 });
});

test("a runner's error becomes an error of the same run", () => {
  const error = { type: "ValueError", message: "no", traceback: "…" };
  const event = parseEvent(answer(JSON.stringify({ error })));
  assert.deepEqual(event, { kind: "error", runId: 7, error });
});

test("an answer over 4 million characters is an error, not an answer", () => {
  const event = parseEvent(answer(JSON.stringify({ displays: [{ a: "x".repeat(4e6) }] })));
  assert.equal(event?.kind, "error");
  assert.match(JSON.stringify(event), /too large to show: 4.0 million characters, 4 at most/);
});

for (const json of ["", "[1", "[]", "null", '{"displays": [1]}', '{"error": {"type": 1}}']) {
  test(`the answer ${json || "(nothing)"} is an error of its run`, () => {
    const event = parseEvent(answer(json));
    assert.equal(event?.kind, "error");
  });
}

const ready = {
  kind: "ready",
  timings: { python: 1 },
  versions: { python: "3.14" },
  snapshot: "used",
};

const loaded = {
  kind: "loaded",
  timings: { packages: 2, imports: 3 },
  versions: { python: "3.14", numpy: "2.4" },
};

for (const event of [ready, loaded]) {
  test(`a ${event.kind} event passes unchanged`, () => {
    assert.deepEqual(parseEvent(event), event);
  });
}

const bad: unknown[] = [
  null,
  "hello",
  {},
  { kind: "run" },
  { kind: "progress", stage: "coffee" },
  { kind: "answer", runId: "7", json: "{}", milliseconds: 1 },
  { kind: "fatal", message: "x".repeat(30_000) },
  { kind: "snapshot", bytes: "not bytes" },
  { kind: "probed", report: { fetch: 1 } },
  { ...ready, timings: { python: NaN } },
  { ...loaded, timings: { packages: 2 } },
  { ...loaded, versions: { numpy: 2 } },
  { ...ready, snapshot: "perhaps" },
];

for (const message of bad) {
  test(`not an event: ${JSON.stringify(message)?.slice(0, 60)}`, () => {
    assert.equal(parseEvent(message), null);
  });
}

test("fields that are not in the protocol do not pass", () => {
  const event = parseEvent({ kind: "progress", stage: "python", html: "<b>" });
  assert.deepEqual(event, { kind: "progress", stage: "python" });
});
