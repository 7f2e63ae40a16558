/** The chain from an empty browser to a second answer, one step at a time. Each says what it saw. */

import { download, fetchManifest, type Manifest } from "./download.js";
import { type Answer, Kernel, makeSnapshot, RunError } from "./kernel.js";
import type { BootFile } from "./protocol.js";
import { megabytes } from "./words.js";

export interface Subject {
  base: URL;
  target: string;
  args: Record<string, unknown>;
  expect: string;
}

export interface Step {
  name: string;
  /** Without it the course still works, only slower or forgetful. */
  optional?: true;
  /** What was seen, in words; throws when the step fails. */
  run: () => Promise<string> | string;
}

const SPIN_MILLISECONDS = 1000;

// A module each that uses one SIMD, and one relaxed SIMD, instruction.
const HEAD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10];
const SIMD = [...HEAD, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];
const RELAXED = [...HEAD, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15, 253, 128, 2, 11];

const valid = (bytes: number[]) => WebAssembly.validate(new Uint8Array(bytes));

export function steps(subject: Subject): { steps: Step[]; end: () => void } {
  let manifest: Manifest;
  let files: BootFile[] = [];
  let kernel: Kernel | undefined;

  async function boot(snapshot: Blob | null = null) {
    kernel?.end();
    const imports = manifest.packages.filter((name) => name !== "course");
    kernel = new Kernel({ files, imports, snapshot });
    return kernel.ready;
  }

  async function answer(): Promise<string> {
    const { displays, milliseconds } = await running().run(subject.target, subject.args);
    const found = JSON.stringify(displays).includes(subject.expect);
    if (!found) throw new Error(`the answer does not contain ${subject.expect}`);
    return `${subject.expect} as expected, in ${milliseconds} ms`;
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
    const how = got.check === "sha256" ? "by SHA-256" : "by size only";
    return `${megabytes(manifest.bytes)} MB in ${since(started)}, checked ${how}`;
  }

  async function booted(): Promise<string> {
    const { timings, versions } = await boot();
    return `Python ${versions["python"]} (Pyodide ${versions["pyodide"]}) in ${timings.python} ms`;
  }

  async function packages(): Promise<string> {
    const { timings, versions } = await running().ready;
    const numpy = versions["numpy"];
    if (!numpy) throw new Error("NumPy is not there");
    return `NumPy ${numpy}: loaded in ${timings.packages} ms, imported in ${timings.imports} ms`;
  }

  async function isolated(): Promise<string> {
    const report = await running().probe(new URL("manifest.json?probe", subject.base).href);
    const found = Object.entries(report).map(([name, outcome]) => `${name} ${outcome}`);
    if (found.some((line) => line.endsWith("ALLOWED"))) throw new Error(found.join(", "));
    return found.join(", ");
  }

  async function recovers(): Promise<string> {
    const failure = await failureOf(running().run(subject.target, { no_such_control: 1 }));
    if (!(failure instanceof RunError)) throw new Error("the wrong call was not reported");
    await answer();
    return `${failure.details.type} reported, and the next call answered`;
  }

  async function stops(): Promise<string> {
    running().spin();
    const stuck = await Promise.race([running().run(subject.target, subject.args), pause()]);
    if (stuck) throw new Error("the endless loop ended by itself");
    const started = performance.now();
    await boot();
    await answer();
    return `an endless loop was ended; the next answer came after ${since(started)}`;
  }

  async function snapshot(): Promise<string> {
    const bytes = await makeSnapshot(files);
    const { timings, snapshot: use } = await boot(new Blob([bytes]));
    if (use !== "used") throw new Error("Python would not start from its snapshot");
    return `Python in ${timings.python} ms from a snapshot of ${megabytes(bytes.byteLength)} MB`;
  }

  const chain: Step[] = [
    { name: "JavaScript modules and WebAssembly", run: webAssembly },
    { name: "Secure context", optional: true, run: secureContext },
    { name: "Storage", optional: true, run: storage },
    { name: "Download", run: fetched },
    { name: "Sandboxed frame, worker and Python", run: booted },
    { name: "NumPy", run: packages },
    { name: "The engine's answer", run: answer },
    { name: "Isolation of Python", run: isolated },
    { name: "An error and the next call", run: recovers },
    { name: "Stop and restart", run: stops },
    { name: "Fast start", optional: true, run: snapshot },
    { name: "Second answer", run: answer },
  ];
  return { steps: chain, end: () => kernel?.end() };
}

function webAssembly(): string {
  if (!valid(SIMD)) throw new Error("WebAssembly SIMD is missing");
  return `with SIMD, ${valid(RELAXED) ? "with" : "without"} relaxed SIMD`;
}

function secureContext(): string {
  if (!isSecureContext) throw new Error("no: on plain http files are checked by size only");
  return "yes";
}

async function storage(): Promise<string> {
  if (!("caches" in globalThis)) throw new Error("no Cache Storage: every visit starts plainly");
  await caches.open("coursewright-check");
  await caches.delete("coursewright-check");
  await new Promise((resolve, reject) => {
    const request = indexedDB.open("coursewright-check");
    request.onsuccess = () => resolve(request.result.close());
    request.onerror = () => reject(new Error("no IndexedDB: nothing is kept between visits"));
  });
  indexedDB.deleteDatabase("coursewright-check");
  return "Cache Storage and IndexedDB";
}

const since = (started: number) => `${((performance.now() - started) / 1000).toFixed(1)} s`;

const pause = () =>
  new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), SPIN_MILLISECONDS));

function failureOf(run: Promise<Answer>): Promise<unknown> {
  return run.then(
    () => undefined,
    (error: unknown) => error,
  );
}
