/**
 * One Python, fed by commands, answering with events; worker.ts wires it to messages.
 *
 * What learners' code must not reach is closed by where this runs, not by code here: the opaque
 * origin has no storage, and the inherited CSP allows no network and no eval.
 */

import { installPackages, installRunner } from "./packages.js";
import { isolation } from "./probe.js";
import { byName, type Files, prepare, type Pyodide } from "./pyodide.js";
import type { Command, PythonError, SnapshotUse, WireEvent } from "./protocol.js";
import { TimeLimit } from "./timelimit.js";

type Emit = (event: WireEvent) => void;
type BootCommand = Extract<Command, { kind: "boot" }>;
type PackagesCommand = Extract<Command, { kind: "packages" }>;
type RunCommand = Extract<Command, { kind: "run" }>;
type Run = (target: string, args: string) => string;

// The runner, and standard modules that the package loader, NumPy and the engine import.
const PRELOAD =
  "coursewright.runner,contextlib,ctypes,dataclasses,datetime,email,encodings.cp437,hashlib,importlib.metadata," +
  "inspect,json,math,numbers,pathlib,pickle,platform,random,secrets,struct,sysconfig,tarfile," +
  "traceback,typing,zipfile";

// A snapshot holds the state of `random` too: without a new seed every visit would draw the same.
const AFTER_SNAPSHOT = "import random; random.seed()";

export function createHandler(start = prepare): (command: Command, emit: Emit) => Promise<void> {
  let python: Pyodide;
  let runner: Run;
  let here: Files;
  const timeLimit = new TimeLimit();

  async function boot({ files, snapshot }: BootCommand, emit: Emit): Promise<void> {
    const clock = stopwatch();
    emit({ kind: "progress", stage: "python" });
    here = byName(files);
    const started = await withSnapshot(await start(here), snapshot);
    python = started.python;
    python.setInterruptBuffer(timeLimit);
    await installRunner(python, here);
    runner = python.runPython("from coursewright import runner; runner.run") as Run;
    const timings = { python: clock() };
    emit({ kind: "ready", timings, versions: versions(python), snapshot: started.snapshot });
  }

  async function packages({ wheels, imports }: PackagesCommand, emit: Emit): Promise<void> {
    const clock = stopwatch();
    emit({ kind: "progress", stage: "packages" });
    for (const { name, data } of wheels) here.set(name, data);
    await installPackages(python, here);
    const packages = clock();
    for (const name of imports) python.runPython(`import ${name}`);
    const timings = { packages, imports: clock() };
    emit({ kind: "loaded", timings, versions: versions(python) });
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
      case "packages":
        return packages(command, emit);
      case "run":
        return run(command, emit);
      case "snapshot": {
        const files = byName(command.files);
        return emit({ kind: "snapshot", bytes: await takeSnapshot(await start(files), files) });
      }
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

/** Memory of an interpreter that has loaded the runner, no other package, and run nobody's code. */
async function takeSnapshot(load: Load, files: Files): Promise<ArrayBuffer> {
  const python = await load({ _makeSnapshot: true });
  await installRunner(python, files);
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
