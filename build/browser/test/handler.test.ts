import assert from "node:assert/strict";
import { test } from "node:test";
import { createHandler } from "../src/handler.js";
import type { BootFile, Command, WireEvent } from "../src/protocol.js";
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
      if (code.includes("getsitepackages")) return "/site";
      return code.includes("json.dumps") ? '{"python": "3.14.2"}' : undefined;
    },
    loadPackage: async (name: string) => void ran.push(`load ${name}`),
    makeMemorySnapshot: () => new Uint8Array([1, 2]),
    setInterruptBuffer: (given: { 0: number }) => void (buffer = given),
    toPy: (value: unknown) => value,
    FS: {
      mkdirTree: (path: string) => void ran.push(`folder ${path}`),
      writeFile: (path: string) => void ran.push(`file ${path}`),
    },
  } satisfies Pyodide;
  const load = async (given: PyodideOptions) => {
    options.push(given);
    if (given._loadSnapshot?.byteLength === 1) throw new Error("Snapshot build id mismatch");
    return python;
  };
  return { ran, options, interrupt: () => buffer[0], handle: createHandler(async () => load) };
}

const boot: Command = { kind: "boot", files: [], snapshot: null };
const packages: Command = { kind: "packages", wheels: [], imports: ["numpy"] };

async function collect(handle: ReturnType<typeof createHandler>, ...commands: Command[]) {
  const events: WireEvent[] = [];
  for (const command of commands) await handle(command, (event) => events.push(event));
  return events;
}

test("a boot reports its stages, then its versions", async () => {
  const events = await collect(fakePyodide().handle, boot, packages);
  assert.deepEqual(
    events.map((event) => event.kind),
    ["progress", "ready", "progress", "loaded"],
  );
  const ready = events[1];
  assert.ok(ready?.kind === "ready");
  assert.deepEqual(ready.versions, { pyodide: "314.0.3", python: "3.14.2" });
  assert.equal(ready.snapshot, "none");
});

/** A wheel of one file, not compressed, as Python's zipfile writes it. */
function wheel(name: string, path: string): BootFile {
  const file = new TextEncoder().encode(path);
  const bytes = new Uint8Array(30 + file.length + 2 + 46 + file.length + 22);
  const view = new DataView(bytes.buffer);
  const table = 30 + file.length + 2;
  const end = table + 46 + file.length;
  view.setUint16(26, file.length, true);
  bytes.set(file, 30);
  view.setUint32(table + 24, 2, true);
  view.setUint16(table + 28, file.length, true);
  bytes.set(file, table + 46);
  view.setUint32(end, 0x06054b50, true);
  view.setUint16(end + 10, 1, true);
  view.setUint32(end + 16, table, true);
  return { name, data: new Blob([bytes]) };
}

const lock = (install_dir: string): BootFile => {
  const packages = { course: { package_type: "package", install_dir } };
  return { name: "pyodide-lock.json", data: new Blob([JSON.stringify({ packages })]) };
};
const numpy = wheel("numpy-2.whl", "numpy/core/a.py");
const course = wheel("course-0.whl", "coursewright/runner.py");

test("a call that needs no packages waits for the runner alone", async () => {
  const { handle, ran } = fakePyodide();
  await collect(handle, { ...boot, files: [lock("site"), numpy, course] });
  const placed = ran.filter((act) => /^(file|load|import \w+$)/.test(act));
  assert.deepEqual(placed, ["file /site/coursewright/runner.py"]);
});

test("packages are put in place without Pyodide's loader, then imported", async () => {
  const { handle, ran } = fakePyodide();
  await collect(handle, { ...boot, files: [lock("site"), numpy, course] }, packages);
  const after = ran.slice(ran.findLastIndex((act) => act.includes("getsitepackages")) + 1);
  assert.deepEqual(after.slice(0, 4), [
    "folder /site/numpy/core",
    "file /site/numpy/core/a.py",
    "folder /site/coursewright",
    "file /site/coursewright/runner.py",
  ]);
  assert.ok(after.indexOf("import numpy") > 3);
  assert.ok(!ran.includes("load course"));
});

for (const [what, files] of [
  ["shared libraries", [lock("dynlib"), numpy, course]],
  ["files for other places", [lock("site"), wheel("a-1.whl", "a-1.data/scripts/a"), course]],
] as const) {
  test(`packages with ${what} are left to Pyodide's loader`, async () => {
    const { handle, ran } = fakePyodide();
    await collect(handle, { ...boot, files: [...files] }, packages);
    assert.ok(ran.includes("load course"));
  });
}

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
