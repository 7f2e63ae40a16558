/** Fetches the files Python needs, checks each against the manifest, and inflates them. */

import { type BootFile, isObject } from "./protocol.js";
import { say } from "./say.js";

export interface ManifestFile {
  name: string;
  url: string;
  bytes: number;
  sha256: string;
}

export interface Manifest {
  build: string;
  packages: string[];
  imports: string[];
  bytes: number;
  files: ManifestFile[];
}

/** How files were checked: plain-http pages have no `crypto.subtle`, there only sizes count. */
export type Check = "sha256" | "size";

export interface Download {
  /** Python itself, and the runner. */
  files: BootFile[];
  /** The packages, which are fetched while Python starts. */
  wheels: Promise<BootFile[]>;
  check: Check;
}

const PYTHON = /^(pyodide|python_stdlib|course-)/;

type OnProgress = (loaded: number, total: number) => void;

/** Nothing came back at all: most often the reader is offline. */
export class NoConnection extends Error {}

export const howChecked = (): Check => (globalThis.crypto?.subtle ? "sha256" : "size");

export async function fetchManifest(base: URL): Promise<Manifest> {
  const url = new URL("manifest.json", base);
  const response = await fetch(url, { cache: "no-cache" }).catch(() => null);
  if (!response?.ok) throw refusal(url, response);
  const manifest: unknown = await response.json();
  if (!isManifest(manifest)) throw new Error("manifest.json is not a runtime manifest");
  return manifest;
}

function isManifest(value: unknown): value is Manifest {
  if (!isObject(value)) return false;
  const { build, bytes, packages, imports, files } = value;
  if (typeof build !== "string" || typeof bytes !== "number") return false;
  if (!Array.isArray(packages) || !Array.isArray(imports)) return false;
  return Array.isArray(files) && files.every(isManifestFile);
}

function isManifestFile(value: unknown): value is ManifestFile {
  if (!isObject(value) || typeof value["bytes"] !== "number") return false;
  return ["name", "url", "sha256"].every((key) => typeof value[key] === "string");
}

/** All files or none: the first failure ends the other transfers. */
export async function download(
  base: URL,
  manifest: Manifest,
  onProgress: OnProgress,
): Promise<Download> {
  const failing = new AbortController();
  let loaded = 0;
  const transfer: Transfer = {
    signal: failing.signal,
    count: (bytes) => onProgress((loaded += bytes), manifest.bytes),
  };
  const fetched = (some: ManifestFile[]) =>
    Promise.all(some.map((file) => fetchFile(base, file, transfer))).catch((error: unknown) => {
      failing.abort();
      throw error;
    });
  const files = await fetched(manifest.files.filter(({ name }) => PYTHON.test(name)));
  const wheels = fetched(manifest.files.filter(({ name }) => !PYTHON.test(name)));
  wheels.catch(() => {}); // told to whoever waits for them
  return { files, wheels, check: howChecked() };
}

interface Transfer {
  signal: AbortSignal;
  count: (bytes: number) => void;
}

async function fetchFile(base: URL, file: ManifestFile, transfer: Transfer): Promise<BootFile> {
  const url = new URL(file.url, base);
  // The address names the content, so a cached copy is as good as new, unless it is damaged.
  const cached = await fetchBytes(url, "force-cache", transfer);
  const wrong = await mismatch(file, cached);
  if (!wrong) return { name: file.name, data: await inflate(cached) };
  const fresh = await fetchBytes(url, "reload", { ...transfer, count() {} });
  const stillWrong = await mismatch(file, fresh);
  if (stillWrong) throw new Error(`${file.url}: ${stillWrong}`);
  return { name: file.name, data: await inflate(fresh) };
}

async function fetchBytes(url: URL, cache: RequestCache, { signal, count }: Transfer) {
  const response = await fetch(url, { cache, signal }).catch(() => null);
  if (!response?.ok || !response.body) throw refusal(url, response);
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch(() => Promise.reject(refusal(url, null)));
    if (done) return new Blob(chunks);
    chunks.push(value);
    if (!signal.aborted) count(value.byteLength);
  }
}

function refusal(url: URL, response: Response | null): Error {
  const file = url.pathname.split("/").at(-1) ?? "";
  if (!response) return new NoConnection(say("python.no-connection", { file }));
  return new Error(say("python.server-answered", { file, status: response.status }));
}

/** What is wrong with the bytes, or null when they are what the manifest promises. */
async function mismatch({ bytes, sha256 }: ManifestFile, data: Blob): Promise<string | null> {
  if (data.size !== bytes) return `expected ${bytes} bytes, got ${data.size}`;
  if (howChecked() === "size") return null;
  const digest = hex(await crypto.subtle.digest("SHA-256", await data.arrayBuffer()));
  return digest === sha256 ? null : `expected SHA-256 ${sha256}, got ${digest}`;
}

const hex = (buffer: ArrayBuffer) =>
  Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

function inflate(data: Blob): Promise<Blob> {
  return new Response(data.stream().pipeThrough(new DecompressionStream("gzip"))).blob();
}
