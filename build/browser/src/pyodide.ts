/** The part of Pyodide that is used, and the browser under it made small enough to trust. */

import type { BootFile } from "./protocol.js";

export interface Pyodide {
  version: string;
  runPython(code: string, options?: { globals?: unknown }): unknown;
  loadPackage(names: string, options: object): Promise<unknown>;
  /** Anything that can be read and written at index 0. */
  setInterruptBuffer(buffer: { 0: number }): void;
  toPy(value: unknown): unknown;
  makeMemorySnapshot(): Uint8Array<ArrayBuffer>;
  FS: {
    mkdirTree(path: string): void;
    /** With `canOwn` the file is these bytes, no copy of them. */
    writeFile(path: string, data: Uint8Array, options: { canOwn: boolean }): void;
  };
}

export interface PyodideOptions {
  _makeSnapshot?: boolean;
  _loadSnapshot?: ArrayBuffer;
}

/** A name that can never be reached: what Pyodide fetches from here is answered from the Blobs. */
const INDEX = "https://assets.invalid/";
export const HEAP_LIMIT = 2 ** 30;
const WASM_PAGE = 65536;
const PRINTED_LINES = 1000;

/** What Pyodide may ask for; packages come later than Python itself. */
export type Files = Map<string, Blob>;

export const byName = (files: BootFile[]): Files =>
  new Map(files.map(({ name, data }) => [name, data]));

const text = async (files: Files, name: string) => need(files, name).text();

function need(files: Files, name: string): Blob {
  const file = files.get(name);
  if (!file) throw new Error(`the runtime lacks ${name}`);
  return file;
}

async function importBlob(files: Files, name: string): Promise<Record<string, unknown>> {
  const blob = new Blob([need(files, name)], { type: "text/javascript" });
  const url = URL.createObjectURL(blob);
  try {
    return (await import(url)) as Record<string, unknown>;
  } finally {
    URL.revokeObjectURL(url);
  }
}

function answerFromBlobs(files: Files): void {
  const network = self.fetch;
  self.fetch = async (input, init) => {
    const url = String(input instanceof Request ? input.url : input);
    if (!url.startsWith(INDEX)) return network(input, init);
    const name = url.slice(INDEX.length);
    const type = name.endsWith(".wasm") ? "application/wasm" : "application/octet-stream";
    return new Response(need(files, name), { headers: { "content-type": type } });
  };
}

/** An allocation too far becomes Python's MemoryError instead of a dead tab. */
function capMemory(): void {
  const grow = WebAssembly.Memory.prototype.grow;
  WebAssembly.Memory.prototype.grow = function (pages) {
    if (this.buffer.byteLength + pages * WASM_PAGE > HEAP_LIMIT) throw new RangeError("heap limit");
    return grow.call(this, pages);
  };
}

/** Pyodide takes a worker where `importScripts` works for a classic one and refuses to start. */
function withoutImportScripts(): void {
  const refuse = () => {
    throw new TypeError("importScripts is switched off");
  };
  Object.defineProperty(self, "importScripts", { value: refuse });
}

/** What Python prints goes to the console, up to a number of lines no one reads beyond. */
function limited(print: (line: string) => void): (line: string) => void {
  let left = PRINTED_LINES;
  return (line) => {
    if (left-- > 0) print(line);
  };
}

type Load = (options: object) => Promise<Pyodide>;

/** Prepares the worker once and returns what starts an interpreter in it. */
export async function prepare(files: Files): Promise<(o: PyodideOptions) => Promise<Pyodide>> {
  answerFromBlobs(files);
  capMemory();
  withoutImportScripts();
  const [core, asm, lock] = await Promise.all([
    importBlob(files, "pyodide.mjs"),
    importBlob(files, "pyodide.asm.mjs"),
    text(files, "pyodide-lock.json"),
  ]);
  const fixed = {
    indexURL: INDEX,
    packageBaseUrl: INDEX,
    lockFileContents: lock,
    createPyodideModule: asm["default"],
    // Safari without stack switching hung on it, and nothing here needs it.
    enableRunUntilComplete: false,
    stdout: limited(console.log),
    stderr: limited(console.warn),
  };
  return (options) => (core["loadPyodide"] as Load)({ ...fixed, ...options });
}
