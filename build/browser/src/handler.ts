/**
 * One Python, fed by commands, answering with events; worker.ts wires it to messages.
 *
 * What learners' code must not reach is closed by where this runs, not by code here: the opaque
 * origin has no storage, and the inherited CSP allows no network and no eval.
 */

import { isolation } from "./probe.js";
import { prepare, type Pyodide } from "./pyodide.js";
import type { Command, PythonError, SnapshotUse, WireEvent } from "./protocol.js";
import { TimeLimit } from "./timelimit.js";

type Emit = (event: WireEvent) => void;
type BootCommand = Extract<Command, { kind: "boot" }>;
type RunCommand = Extract<Command, { kind: "run" }>;
type Run = (target: string, args: string) => string;

// Standard modules that the package loader, NumPy, the engine and the runner import.
const PRELOAD =
  "contextlib,ctypes,dataclasses,datetime,email,encodings.cp437,hashlib,importlib.metadata," +
  "inspect,json,math,numbers,pathlib,pickle,platform,random,secrets,struct,sysconfig,tarfile," +
  "traceback,typing,zipfile";

// A snapshot holds the state of `random` too: without a new seed every visit would draw the same.
const AFTER_SNAPSHOT = "import random; random.seed()";

export function createHandler(start = prepare): (command: Command, emit: Emit) => Promise<void> {
  let python: Pyodide;
  let runner: Run;
  const timeLimit = new TimeLimit();

  async function boot({ files, imports, snapshot }: BootCommand, emit: Emit): Promise<void> {
    const clock = stopwatch();
    emit({ kind: "progress", stage: "python" });
    const load = await start(files);
    const started = await withSnapshot(load, snapshot);
    python = started.python;
    python.setInterruptBuffer(timeLimit);
    const bootTime = clock();
    emit({ kind: "progress", stage: "packages" });
    await python.loadPackage("course", { checkIntegrity: false, messageCallback() {} });
    const packages = clock();
    for (const name of imports) python.runPython(`import ${name}`);
    runner = python.runPython("from coursewright import runner; runner.run") as Run;
    const timings = { python: bootTime, packages, imports: clock() };
    emit({ kind: "ready", timings, versions: versions(python), snapshot: started.snapshot });
  }

  function run({ runId, target, args, limit }: RunCommand, emit: Emit): void {
    const clock = stopwatch();
    const { value, reached } = timeLimit.during(limit, () => answer(() => runner(target, args)));
    const json = reached ? tooLate(value, limit) : value;
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

interface Started {
  python: Pyodide;
  snapshot: SnapshotUse;
}

async function withSnapshot(load: Load, snapshot: Blob | null): Promise<Started> {
  if (!snapshot) return { python: await load({}), snapshot: "none" };
  try {
    const python = await load({ _loadSnapshot: await snapshot.arrayBuffer() });
    python.runPython(AFTER_SNAPSHOT);
    return { python, snapshot: "used" };
  } catch (error) {
    return { python: await load({}), snapshot: `refused: ${String(error).slice(0, 200)}` };
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
    return failure({ type, message: lastLine(error.message), traceback: "" });
  }
}

/** The answer of a call that was interrupted: it keeps its traceback, which says where it was. */
function tooLate(json: string, limit: number): string {
  const { error } = JSON.parse(json) as { error?: PythonError };
  if (!error) return json;
  const message = `there was no answer within ${limit / 1000} seconds.`;
  return failure({ type: "Stopped", message, traceback: error.traceback });
}

const failure = (error: PythonError) => JSON.stringify({ error });
/** Of a Python traceback, the line that says what happened. */
export const lastLine = (text: string) => text.trim().split("\n").at(-1)?.slice(0, 500) ?? "";

function versions(python: Pyodide): Record<string, string> {
  const found = python.runPython(`
import json, sys
json.dumps({"python": sys.version.split()[0]}
           | {n: str(sys.modules[n].__version__) for n in ("numpy",) if n in sys.modules})`);
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
