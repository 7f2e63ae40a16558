/** The chain from an empty browser to a second answer, step by step. Each says what it saw. */

import { type Chart, partsOfPages, partsOfPython } from "./check-parts.js";
import { download, fetchManifest, type Manifest } from "./download.js";
import { type Answer, Kernel, makeSnapshot, RunError } from "./kernel.js";
import { type BootFile, PROBE_CACHE } from "./protocol.js";
import { megabytes, say, words } from "./say.js";

export interface Subject {
  base: URL;
  target: string;
  args: Record<string, unknown>;
  expect: string;
  /** Whether the course has explanations to grade. */
  teachBack: boolean;
  /** Where parts of a lesson are put while they are tried. */
  bench: HTMLElement;
  chart: Chart;
}

export interface Step {
  name: string;
  /** Without it the course still works, only slower or forgetful. */
  optional?: true;
  /** What was seen, in words; throws when the step fails. */
  run: () => Promise<string> | string;
}

const SPIN_MILLISECONDS = 1000;
const RUN_MILLISECONDS = 10_000;

// A module each that uses one SIMD, and one relaxed SIMD, instruction.
const HEAD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10];
const SIMD = [...HEAD, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];
const RELAXED = [...HEAD, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15, 253, 128, 2, 11];

const valid = (bytes: number[]) => WebAssembly.validate(new Uint8Array(bytes));

export function steps(subject: Subject): { steps: Step[]; end: () => void } {
  let manifest: Manifest;
  let files: BootFile[] = [];
  let wheels: BootFile[] = [];
  let kernel: Kernel | undefined;

  async function boot(snapshot: Blob | null = null) {
    kernel?.end();
    kernel = new Kernel({ files, snapshot });
    return kernel.ready;
  }

  const load = () => running().load(wheels, manifest.imports);

  const callOf = (target: string, args: Record<string, unknown>) =>
    running().run(target, args, RUN_MILLISECONDS);
  const call = (args = subject.args) => callOf(subject.target, args);

  async function answer(): Promise<string> {
    const { displays, milliseconds } = await call();
    const found = JSON.stringify(displays).includes(subject.expect);
    if (!found) throw new Error(`the answer does not contain ${subject.expect}`);
    return say("check.answered", { answer: subject.expect, time: inMilliseconds(milliseconds) });
  }

  function running(): Kernel {
    if (!kernel) throw new Error("Python is not running");
    return kernel;
  }

  async function fetched(): Promise<string> {
    const started = performance.now();
    manifest = await fetchManifest(subject.base);
    const got = await download(subject.base, manifest, () => {});
    files = got.files;
    wheels = await got.wheels;
    const told = { megabytes: megabytes(manifest.bytes), time: since(started) };
    return say(got.check === "sha256" ? "check.by-hash" : "check.by-size", told);
  }

  async function booted(): Promise<string> {
    const { timings, versions } = await boot();
    const { python = "", pyodide = "" } = versions;
    return say("check.booted", { python, pyodide, time: inMilliseconds(timings.python) });
  }

  async function packages(): Promise<string> {
    const { timings, versions } = await load();
    const numpy = versions["numpy"];
    if (!numpy) throw new Error("NumPy is not there");
    const loading = inMilliseconds(timings.packages);
    return say("check.packages", { numpy, loading, importing: inMilliseconds(timings.imports) });
  }

  async function isolated(): Promise<string> {
    const site = new URL("manifest.json?probe", subject.base).href;
    const report = await withCache(() => running().probe(site));
    const found = Object.entries(report).map(([name, outcome]) => `${name} ${outcome}`);
    if (found.some((line) => line.endsWith("ALLOWED"))) throw new Error(found.join(", "));
    return found.join(", ");
  }

  async function recovers(): Promise<string> {
    const failure = await failureOf(call({ no_such_control: 1 }));
    if (!(failure instanceof RunError)) throw new Error("the wrong call was not reported");
    await answer();
    return say("check.recovered", { error: failure.details.type });
  }

  async function stops(): Promise<string> {
    running().spin();
    const stuck = await Promise.race([call(), pause()]);
    if (stuck) throw new Error("the endless loop ended by itself");
    const started = performance.now();
    await boot();
    await load();
    await answer();
    return say("check.stopped", { time: since(started) });
  }

  async function snapshot(): Promise<string> {
    const bytes = await makeSnapshot(files);
    const { timings, snapshot: use } = await boot(new Blob([bytes]));
    if (use !== "used") throw new Error(`the snapshot was ${use}`);
    const { packages, imports } = (await load()).timings;
    return say("check.from-snapshot", {
      time: inMilliseconds(timings.python),
      megabytes: megabytes(bytes.byteLength),
      rest: inMilliseconds(packages + imports),
    });
  }

  const chain: Step[] = [
    { name: say("check.webassembly"), run: webAssembly },
    { name: say("check.secure"), optional: true, run: secureContext },
    { name: say("check.storage"), optional: true, run: storage },
    { name: say("check.download"), run: fetched },
    { name: say("check.python"), run: booted },
    { name: say("check.numpy"), run: packages },
    { name: say("check.answer"), run: answer },
    ...partsOfPython(callOf, subject.teachBack),
    { name: say("check.isolation"), run: isolated },
    { name: say("check.recovery"), run: recovers },
    { name: say("check.stopping"), run: stops },
    { name: say("check.snapshot"), optional: true, run: snapshot },
    { name: say("check.second"), run: answer },
    ...partsOfPages(subject.bench, subject.chart),
  ];
  return { steps: chain, end: () => kernel?.end() };
}

function webAssembly(): string {
  if (!valid(SIMD)) throw new Error("WebAssembly SIMD is missing");
  return say(valid(RELAXED) ? "check.with-relaxed" : "check.without-relaxed");
}

function secureContext(): string {
  if (!isSecureContext) throw new Error("no: on plain http files are checked by size only");
  return say("check.yes");
}

/** Does the work while the page has a cache for Python to look for, where caches are allowed. */
async function withCache<T>(work: () => Promise<T>): Promise<T> {
  const attempt = async (act: () => Promise<unknown>) => void (await act().catch(() => {}));
  await attempt(async () => caches.open(PROBE_CACHE));
  try {
    return await work();
  } finally {
    await attempt(async () => caches.delete(PROBE_CACHE));
  }
}

async function storage(): Promise<string> {
  if (!("caches" in globalThis)) throw new Error("no Cache Storage: every visit starts plainly");
  await caches.open(PROBE_CACHE);
  await caches.delete(PROBE_CACHE);
  await new Promise((resolve, reject) => {
    const request = indexedDB.open(PROBE_CACHE);
    request.onsuccess = () => resolve(request.result.close());
    request.onerror = () => reject(new Error("no IndexedDB: nothing is kept between visits"));
  });
  indexedDB.deleteDatabase(PROBE_CACHE);
  return say("check.storages");
}

const since = (started: number) =>
  say("time.seconds", { number: words.decimal((performance.now() - started) / 1000, 1) });

const inMilliseconds = (time: number) => say("time.milliseconds", { number: Math.round(time) });

const pause = () =>
  new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), SPIN_MILLISECONDS));

function failureOf(run: Promise<Answer>): Promise<unknown> {
  return run.then(
    () => undefined,
    (error: unknown) => error,
  );
}
