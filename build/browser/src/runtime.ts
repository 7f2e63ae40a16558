/**
 * The one module that boots Python. One runtime per tab and address, started when first needed:
 *
 *     download (verified) -> sandbox -> Python -> packages -> runs, one at a time
 *
 * Stop and the time limit end the worker and boot a new one; the downloaded files are kept. After
 * the first boot, in idle time, a snapshot is made so that the next visit starts faster.
 */

import { type Download, download, fetchManifest, type Manifest } from "./download.js";
import { type Answer, Kernel, makeSnapshot, StoppedError } from "./kernel.js";
import type { ReadyEvent } from "./protocol.js";
import { snapshotStore } from "./snapshots.js";

export { RunError, StoppedError, type Answer } from "./kernel.js";

export type Status =
  | { phase: "idle" }
  | { phase: "downloading"; loaded: number; total: number }
  | { phase: "starting" }
  | { phase: "packages" }
  | { phase: "ready"; check: Download["check"] }
  | { phase: "failed"; message: string };

const RUN_MILLISECONDS = 10_000;
const IDLE_MILLISECONDS = 3_000;
const SMALL_MEMORY_GIGABYTES = 2;

export class Runtime {
  #status: Status = { phase: "idle" };
  readonly #listeners = new Set<(status: Status) => void>();
  #files: Promise<[Manifest, Download]> | null = null;
  #kernel: Kernel | null = null;
  #started: Promise<ReadyEvent> | null = null;
  #turn: Promise<unknown> = Promise.resolve();
  #running = false;
  #idleTimer: ReturnType<typeof setTimeout> | undefined;
  #snapshotDone = false;

  constructor(private readonly base: URL) {}

  /** Tells the listener the status now and at every change, until the signal aborts. */
  watch(listener: (status: Status) => void, signal: AbortSignal): void {
    this.#listeners.add(listener);
    signal.addEventListener("abort", () => this.#listeners.delete(listener));
    listener(this.#status);
  }

  /** Boots if needed. A failure is reported and forgotten: the next call tries again. */
  start(): Promise<ReadyEvent> {
    this.#started ??= this.#boot().catch((error: unknown) => {
      this.#started = null;
      this.#set({ phase: "failed", message: messageOf(error) });
      throw error;
    });
    return this.#started;
  }

  /** One call of a Python function; calls wait for one another. */
  run(target: string, args: Record<string, unknown>): Promise<Answer> {
    const answer = this.#turn.then(() => this.#runNow(target, args));
    this.#turn = answer.catch(() => {});
    return answer;
  }

  /** Ends the call that runs, and boots again so that the next one finds Python ready. */
  stop(reason = "Stopped."): void {
    if (!this.#running) return;
    this.#kernel?.end(new StoppedError(reason));
    void this.start().catch(() => {});
  }

  async #runNow(target: string, args: Record<string, unknown>): Promise<Answer> {
    await this.start();
    clearTimeout(this.#idleTimer);
    const seconds = RUN_MILLISECONDS / 1000;
    const tooLong = () => this.stop(`Stopped: no answer within ${seconds} seconds.`);
    const watchdog = setTimeout(tooLong, RUN_MILLISECONDS);
    this.#running = true;
    try {
      return await this.#kernel!.run(target, args);
    } finally {
      this.#running = false;
      clearTimeout(watchdog);
      this.#whenIdle();
    }
  }

  async #boot(): Promise<ReadyEvent> {
    const [manifest, { files, check }] = await this.#download();
    const store = snapshotStore(this.base, manifest.build);
    const snapshot = await store.load();
    const imports = manifest.packages.filter((name) => name !== "course");
    const onStage = (stage: "python" | "packages") =>
      this.#set({ phase: stage === "python" ? "starting" : "packages" });
    const boot = (from: Blob | null) =>
      this.#use(new Kernel({ files, imports, snapshot: from, onStage }));
    const ready = await boot(snapshot).catch(async (error: unknown) => {
      if (!snapshot) throw error;
      return { ...(await boot(null)), snapshot: "refused" as const };
    });
    if (ready.snapshot === "refused") await store.drop();
    this.#snapshotDone ||= ready.snapshot === "used";
    this.#set({ phase: "ready", check });
    this.#whenIdle();
    return ready;
  }

  /** Makes it the current kernel; when it ends after it was ready, the next call boots another. */
  async #use(kernel: Kernel): Promise<ReadyEvent> {
    this.#kernel = kernel;
    const ready = await kernel.ready;
    void kernel.ended.then(() => (this.#started = null));
    return ready;
  }

  #download(): Promise<[Manifest, Download]> {
    this.#files ??= this.#fetchAll().catch((error: unknown) => {
      this.#files = null;
      throw error;
    });
    return this.#files;
  }

  async #fetchAll(): Promise<[Manifest, Download]> {
    this.#set({ phase: "downloading", loaded: 0, total: 0 });
    const manifest = await fetchManifest(this.base);
    const onProgress = (loaded: number, total: number) =>
      this.#set({ phase: "downloading", loaded, total });
    return [manifest, await download(this.base, manifest, onProgress)];
  }

  #whenIdle(): void {
    clearTimeout(this.#idleTimer);
    if (this.#snapshotDone || !roomForSecondPython()) return;
    this.#idleTimer = setTimeout(() => void this.#keepSnapshot(), IDLE_MILLISECONDS);
  }

  async #keepSnapshot(): Promise<void> {
    this.#snapshotDone = true;
    const [manifest, { files }] = await this.#download();
    const bytes = await makeSnapshot(files).catch(() => null);
    if (bytes) await snapshotStore(this.base, manifest.build).save(bytes);
  }

  #set(status: Status): void {
    this.#status = status;
    for (const listener of this.#listeners) listener(status);
  }
}

function roomForSecondPython(): boolean {
  const { deviceMemory } = navigator as Navigator & { deviceMemory?: number };
  return "caches" in globalThis && (deviceMemory ?? Infinity) > SMALL_MEMORY_GIGABYTES;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const runtimes = new Map<string, Runtime>();

/** The tab's runtime for this address. */
export function runtimeAt(base: URL): Runtime {
  const runtime = runtimes.get(base.href) ?? new Runtime(base);
  runtimes.set(base.href, runtime);
  return runtime;
}
