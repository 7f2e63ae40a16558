/**
 * One Python, fed by commands, answering with events; worker.ts wires it to messages.
 *
 * What learners' code must not reach is closed by where this runs, not by code here: the opaque
 * origin has no storage, and the inherited CSP allows no network and no eval.
 */

import { isolation } from "./probe.js";
import { prepare, type Pyodide } from "./pyodide.js";
import type { Command, SnapshotUse, WireEvent } from "./protocol.js";

type Emit = (event: WireEvent) => void;
type BootCommand = Extract<Command, { kind: "boot" }>;
type RunCommand = Extract<Command, { kind: "run" }>;
type Run = (target: string, args: string) => string;

// Standard modules that NumPy, the package loader and the runner import: they go in the snapshot.
const PRELOAD = "json,traceback,importlib.metadata,zipfile,tempfile,ctypes,inspect,random,math";

// A snapshot holds the state of `random` too: without a new seed every visit would draw the same.
const AFTER_SNAPSHOT = "import random; random.seed()";

export function createHandler(start = prepare): (command: Command, emit: Emit) => Promise<void> {
  let python: Pyodide;
  let runner: Run;

  async function boot({ files, imports, snapshot }: BootCommand, emit: Emit): Promise<void> {
    const clock = stopwatch();
    emit({ kind: "progress", stage: "python" });
    const load = await start(files);
    const started = await withSnapshot(load, snapshot);
    python = started.python;
    const bootTime = clock();
    emit({ kind: "progress", stage: "packages" });
    await python.loadPackage("course", { checkIntegrity: false, messageCallback() {} });
    const packages = clock();
    for (const name of imports) python.runPython(`import ${name}`);
    runner = python.runPython("from coursewright import runner; runner.run") as Run;
    const timings = { python: bootTime, packages, imports: clock() };
    emit({ kind: "ready", timings, versions: versions(python), snapshot: started.snapshot });
  }

  function run({ runId, target, args }: RunCommand, emit: Emit): void {
    const clock = stopwatch();
    const json = answer(() => runner(target, args));
    emit({ kind: "answer", runId, json, milliseconds: clock() });
  }

  return async (command, emit) => {
    switch (command.kind) {
      case "boot":
        return boot(command, emit);
      case "run":
        return run(command, emit);
      case "snapshot":
        return emit({ kind: "snapshot", bytes: await takeSnapshot(await start(command.files)) });
      case "probe":
        return emit({ kind: "probed", report: await isolation(python, command.siteUrl) });
      case "spin":
        python.runPython("while True: pass");
    }
  };
}

type Load = Awaited<ReturnType<typeof prepare>>;

async function withSnapshot(load: Load, snapshot: Blob | null) {
  if (!snapshot) return { python: await load({}), snapshot: "none" as SnapshotUse };
  try {
    const python = await load({ _loadSnapshot: await snapshot.arrayBuffer() });
    python.runPython(AFTER_SNAPSHOT);
    return { python, snapshot: "used" as SnapshotUse };
  } catch {
    return { python: await load({}), snapshot: "refused" as SnapshotUse };
  }
}

/** Memory of an interpreter that has loaded no package and run nobody's code. */
async function takeSnapshot(load: Load): Promise<ArrayBuffer> {
  const python = await load({ _makeSnapshot: true });
  python.runPython(`import ${PRELOAD}`);
  return python.makeMemorySnapshot().buffer;
}

/** The runner's JSON; errors it could not catch itself (out of memory) take the same shape. */
function answer(run: () => string): string {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "PythonError") throw error;
    const type = (error as Error & { type?: string }).type ?? "Error";
    return JSON.stringify({ error: { type, message: lastLine(error.message), traceback: "" } });
  }
}

const lastLine = (text: string) => text.trim().split("\n").at(-1) ?? text;

function versions(python: Pyodide): Record<string, string> {
  const found = python.runPython(`
import json, sys
json.dumps({"python": sys.version.split()[0]}
           | {n: str(getattr(sys.modules[n], "__version__", "?"))
              for n in ("numpy", "pyengine") if n in sys.modules})`);
  return { pyodide: python.version, ...(JSON.parse(String(found)) as Record<string, string>) };
}

/** Milliseconds since the last call. */
function stopwatch(): () => number {
  let last = performance.now();
  return () => {
    const lap = performance.now() - last;
    last += lap;
    return Math.round(lap * 10) / 10;
  };
}
