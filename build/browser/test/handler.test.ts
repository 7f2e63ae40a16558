import assert from "node:assert/strict";
import { test } from "node:test";
import { createHandler } from "../src/handler.js";
import type { Command, WireEvent } from "../src/protocol.js";
import type { Pyodide, PyodideOptions } from "../src/pyodide.js";

type Runner = (target: string, args: string) => string;

/** A Pyodide that records what it was asked. */
function fakePyodide(runner: Runner = () => "{}") {
  const ran: string[] = [];
  const options: PyodideOptions[] = [];
  let buffer: { 0: number } = { 0: 0 };
  const python = {
    version: "314.0.3",
    runPython(code: string) {
      ran.push(code);
      if (code.includes("runner.run")) return runner;
      return code.includes("json.dumps") ? '{"python": "3.14.2"}' : undefined;
    },
    loadPackage: async (name: string) => void ran.push(`load ${name}`),
    makeMemorySnapshot: () => new Uint8Array([1, 2]),
    setInterruptBuffer: (given: { 0: number }) => void (buffer = given),
    toPy: (value: unknown) => value,
  } satisfies Pyodide;
  const load = async (given: PyodideOptions) => {
    options.push(given);
    if (given._loadSnapshot?.byteLength === 1) throw new Error("Snapshot build id mismatch");
    return python;
  };
  return { ran, options, interrupt: () => buffer[0], handle: createHandler(async () => load) };
}

const boot: Command = { kind: "boot", files: [], imports: ["numpy"], snapshot: null };

async function collect(handle: ReturnType<typeof createHandler>, ...commands: Command[]) {
  const events: WireEvent[] = [];
  for (const command of commands) await handle(command, (event) => events.push(event));
  return events;
}

test("a boot reports its stages, then its versions", async () => {
  const events = await collect(fakePyodide().handle, boot);
  assert.deepEqual(
    events.map((event) => event.kind),
    ["progress", "progress", "ready"],
  );
  const ready = events.at(-1);
  assert.ok(ready?.kind === "ready");
  assert.deepEqual(ready.versions, { pyodide: "314.0.3", python: "3.14.2" });
  assert.equal(ready.snapshot, "none");
});

test("the engine and its packages are imported before it says ready", async () => {
  const { handle, ran } = fakePyodide();
  await collect(handle, boot);
  assert.deepEqual(ran.slice(0, 2), ["load course", "import numpy"]);
});

test("a boot from a snapshot draws new random numbers", async () => {
  const { handle, ran } = fakePyodide();
  const events = await collect(handle, { ...boot, snapshot: new Blob(["ab"]) });
  const ready = events.at(-1);
  assert.equal(ready?.kind === "ready" && ready.snapshot, "used");
  assert.match(ran[0] ?? "", /random\.seed/);
});

test("a snapshot that does not fit is refused, and Python starts plainly", async () => {
  const { handle, options } = fakePyodide();
  const events = await collect(handle, { ...boot, snapshot: new Blob(["a"]) });
  const ready = events.at(-1);
  const use = ready?.kind === "ready" ? ready.snapshot : "";
  assert.equal(use, "refused: Error: Snapshot build id mismatch");
  assert.deepEqual(options.at(-1), {});
});

test("a run's answer carries its id", async () => {
  const { handle } = fakePyodide((target, args) => `${target} ${args}`);
  const run: Command = { kind: "run", runId: 3, target: "m:f", args: "{}", limit: 1000 };
  const event = (await collect(handle, boot, run)).at(-1);
  assert.ok(event?.kind === "answer");
  assert.deepEqual([event.runId, event.json], [3, "m:f {}"]);
});

test("an error that the runner could not catch is still an answer", async () => {
  const { handle } = fakePyodide(() => {
    const error = new Error("Traceback …\nMemoryError: too much");
    throw Object.assign(error, { name: "PythonError", type: "MemoryError" });
  });
  const run: Command = { kind: "run", runId: 1, target: "m:f", args: "{}", limit: 1000 };
  const event = (await collect(handle, boot, run)).at(-1);
  assert.match(event?.kind === "answer" ? event.json : "", /"type":"MemoryError"/);
});

/** A runner that reports being interrupted as the real one does, after so many milliseconds. */
function interrupted(look: () => number, traceback: string): Runner {
  return () => {
    while (look() === 0);
    return JSON.stringify({ error: { type: "KeyboardInterrupt", message: "", traceback } });
  };
}

test("a call that takes too long is interrupted, and says where it was", async () => {
  const fake = fakePyodide(() => interrupted(() => fake.interrupt(), "line 7")("", ""));
  const run: Command = { kind: "run", runId: 1, target: "m:f", args: "{}", limit: 20 };
  const event = (await collect(fake.handle, boot, run)).at(-1);
  const message = "there was no answer within 0.02 seconds.";
  const error = { type: "Stopped", message, traceback: "line 7" };
  assert.deepEqual(event?.kind === "answer" && JSON.parse(event.json), { error });
});

test("between calls nothing is interrupted", async () => {
  const fake = fakePyodide();
  const run: Command = { kind: "run", runId: 1, target: "m:f", args: "{}", limit: 1 };
  await collect(fake.handle, boot, run);
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(fake.interrupt(), 0);
});

test("a crash of Python itself is not an answer", async () => {
  const { handle } = fakePyodide(() => {
    throw new WebAssembly.RuntimeError("unreachable");
  });
  const run: Command = { kind: "run", runId: 1, target: "m:f", args: "{}", limit: 1000 };
  await assert.rejects(collect(handle, boot, run), /unreachable/);
});

test("a snapshot is taken before any package is loaded", async () => {
  const { handle, ran, options } = fakePyodide();
  const [event] = await collect(handle, { kind: "snapshot", files: [] });
  assert.ok(event?.kind === "snapshot");
  assert.equal(event.bytes.byteLength, 2);
  assert.deepEqual(options, [{ _makeSnapshot: true }]);
  assert.ok(ran.every((code) => !code.startsWith("load")));
});
