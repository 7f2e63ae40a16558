/**
 * The one module that boots Python. One runtime per tab and address, started when first needed:
 *
 *     download (verified) -> sandbox -> Python -> packages -> runs, one at a time
 *
 * Packages are not waited for by what imports nothing.
 * Stop and the time limit end the worker and boot a new one; the downloaded files are kept. After
 * the first boot, in idle time, a snapshot is made so that the next visit starts faster.
 */

import { type Download, download, fetchManifest, type Manifest, NoConnection } from "./download.js";
import { type Answer, Kernel, makeSnapshot, RunError, StoppedError } from "./kernel.js";
import type { LoadedEvent, ReadyEvent } from "./protocol.js";
import { type SnapshotStore, snapshotStore } from "./snapshots.js";
import { HEAP_LIMIT } from "./pyodide.js";
import { say } from "./say.js";

export { type Answer, RunError, StoppedError } from "./kernel.js";

export type Status =
  | { phase: "idle" }
  | { phase: "downloading"; loaded: number; total: number }
  | { phase: "starting" }
  | { phase: "packages" }
  | { phase: "ready"; check: Download["check"] }
  | { phase: "failed"; message: string; offline?: boolean };

/** What the lifecycle below is made of; tests put their own in place. */
export const machinery = {
  fetchManifest,
  download,
  makeSnapshot,
  snapshotStore,
  kernel: (options: ConstructorParameters<typeof Kernel>[0]): KernelLike => new Kernel(options),
};

export type Machinery = typeof machinery;
export type KernelLike = Pick<Kernel, "ready" | "ended" | "load" | "run" | "end">;
type Stage = "python" | "packages";
type Parts = Download & { manifest: Manifest; store: SnapshotStore };

/** Python itself ends a call after this time; where it cannot, its worker is ended a bit later. */
export const RUN_MILLISECONDS = 10_000;
const GRACE_MILLISECONDS = 2_000;
const IDLE_MILLISECONDS = 3_000;

/** Whether a call can do without packages: that of a cell where nothing is imported up to there. */
export const isBare = (target: string, args: Record<string, unknown>): boolean =>
  target === "@cell" && !JSON.stringify(args).includes("import");

export class Runtime {
  #status: Status = { phase: "idle" };
  readonly #listeners = new Set<(status: Status) => void>();
  #parts: Promise<Parts> | null = null;
  #kernel: KernelLike | null = null;
  #started: Promise<ReadyEvent> | null = null;
  #loaded: Promise<LoadedEvent> | null = null;
  #turn: Promise<unknown> = Promise.resolve();
  #running = false;
  #idleTimer: ReturnType<typeof setTimeout> | undefined;
  #snapshotDone = false;

  constructor(
    private readonly base: URL,
    private readonly make: Machinery = machinery,
  ) {}

  /** Tells the listener the status now and at every change, until the signal aborts. */
  watch(listener: (status: Status) => void, signal: AbortSignal): void {
    this.#listeners.add(listener);
    signal.addEventListener("abort", () => this.#listeners.delete(listener));
    listener(this.#status);
  }

  /** Which build of the engine and the demos it runs. */
  async build(): Promise<string> {
    return (
      await (this.#parts?.then(({ manifest }) => manifest) ?? this.make.fetchManifest(this.base))
    ).build;
  }

  /**
   * Boots if needed, and loads the packages unless it may be `bare`; returns what versions run.
   * A failure is reported and forgotten: the next call tries again.
   */
  async start(bare = false): Promise<Record<string, string>> {
    const started = (this.#started ??= this.#boot());
    try {
      const { versions } = await started;
      const now = bare ? versions : (await (this.#loaded ??= this.#load())).versions;
      await this.#tellReady(bare);
      return now;
    } catch (error) {
      if (this.#started === started) this.#drop();
      this.#set(failure(error));
      throw error;
    }
  }

  async #tellReady(bare: boolean): Promise<void> {
    const { check } = await this.#got();
    if (this.#status.phase === "ready" || (bare && this.#loaded)) return;
    this.#set({ phase: "ready", check });
    this.#whenIdle();
  }

  /** One call of a Python function; calls wait for one another. */
  run(
    target: string,
    args: Record<string, unknown>,
    limit: number = RUN_MILLISECONDS,
  ): Promise<Answer> {
    const answer = this.#turn.then(() => this.#runNow(target, args, limit));
    this.#turn = answer.catch(() => {});
    return answer;
  }

  /** Ends the call that runs, and boots again so that the next one finds Python ready. */
  stop(reason: string): void {
    if (!this.#running) return;
    const bare = this.#loaded === null;
    this.#drop(new StoppedError(reason));
    void this.start(bare).catch(() => {});
  }

  async #runNow(target: string, args: Record<string, unknown>, limit: number): Promise<Answer> {
    await this.start(isBare(target, args));
    clearTimeout(this.#idleTimer);
    const hard = limit + GRACE_MILLISECONDS;
    const tooLong = say("python.no-answer", { seconds: hard / 1000 });
    const watchdog = setTimeout(() => this.stop(tooLong), hard);
    this.#running = true;
    try {
      return await this.#kernel!.run(target, args, limit);
    } catch (error) {
      throw this.#afterMemory(error);
    } finally {
      this.#running = false;
      clearTimeout(watchdog);
      this.#whenIdle();
    }
  }

  /** Python never gives memory back to the browser: once it has all there is, only a new one helps. */
  #afterMemory(error: unknown): unknown {
    if (!(error instanceof RunError) || error.details.type !== "MemoryError") return error;
    this.#drop();
    void this.start().catch(() => {});
    const message = say("python.out-of-memory", { gigabytes: HEAP_LIMIT / 2 ** 30 });
    return new RunError({ ...error.details, message });
  }

  async #boot(): Promise<ReadyEvent> {
    const { store } = await this.#got();
    this.#set({ phase: "starting" });
    const ready = await this.#bootFrom(await store.load());
    if (ready.snapshot.startsWith("refused")) {
      console.info(`Python started plainly, without its snapshot (${ready.snapshot}).`);
      await store.drop();
    }
    this.#snapshotDone ||= ready.snapshot === "used";
    note({ ...ready.timings, snapshot: ready.snapshot });
    return ready;
  }

  /** If it goes wrong in a Python from a snapshot, once more in one that booted plainly. */
  async #load(): Promise<LoadedEvent> {
    const { manifest, wheels: coming, store } = await this.#got();
    const wheels = await coming;
    const { timings, snapshot } = await this.#started!;
    const first = this.#kernel;
    if (!first) throw new StoppedError(say("python.was-stopped"));
    const loaded = await first.load(wheels, manifest.imports).catch(async (error: unknown) => {
      if (snapshot !== "used") throw error;
      await store.drop();
      this.#kernel = null; // it is not to be forgotten as one that crashed
      first.end();
      await this.#bootKernel(null);
      return this.#kernel!.load(wheels, manifest.imports);
    });
    note({ ...timings, ...loaded.timings, snapshot });
    return loaded;
  }

  /** With the snapshot if there is one; if anything goes wrong with it, plainly. */
  async #bootFrom(snapshot: Blob | null): Promise<ReadyEvent> {
    try {
      return await this.#bootKernel(snapshot);
    } catch (error) {
      if (!snapshot) throw error;
      const ready = await this.#bootKernel(null);
      return { ...ready, snapshot: `refused: ${String(error)}` };
    }
  }

  async #bootKernel(snapshot: Blob | null): Promise<ReadyEvent> {
    const { files } = await this.#got();
    const onStage = (stage: Stage) =>
      this.#set({ phase: stage === "python" ? "starting" : "packages" });
    const kernel = this.make.kernel({ files, snapshot, onStage });
    this.#kernel = kernel;
    const ready = await kernel.ready;
    void kernel.ended.then(() => this.#forget(kernel));
    return ready;
  }

  /** A kernel that crashed is replaced at the next call. */
  #forget(kernel: KernelLike): void {
    if (this.#kernel !== kernel) return;
    this.#kernel = null;
    this.#started = null;
    this.#loaded = null;
  }

  /** Ends the kernel there is; the next call boots another. */
  #drop(reason?: Error): void {
    const kernel = this.#kernel;
    this.#kernel = null;
    this.#started = null;
    this.#loaded = null;
    kernel?.end(reason);
  }

  #got(): Promise<Parts> {
    return (this.#parts ??= this.#fetch());
  }

  async #fetch(): Promise<Parts> {
    try {
      this.#set({ phase: "downloading", loaded: 0, total: 0 });
      const manifest = await this.make.fetchManifest(this.base);
      const onProgress = (loaded: number, total: number) => {
        if (this.#status.phase === "ready") return; // a bare Python is in use already
        const whole = loaded >= total && this.#kernel;
        this.#set(whole ? { phase: "starting" } : { phase: "downloading", loaded, total });
      };
      const got = await this.make.download(this.base, manifest, onProgress);
      got.wheels.catch(() => (this.#parts = null));
      return { ...got, manifest, store: this.make.snapshotStore(this.base, manifest.build) };
    } catch (error) {
      this.#parts = null;
      throw error;
    }
  }

  #whenIdle(): void {
    clearTimeout(this.#idleTimer);
    if (this.#snapshotDone) return;
    this.#idleTimer = setTimeout(() => void this.#keepSnapshot(), IDLE_MILLISECONDS);
  }

  async #keepSnapshot(): Promise<void> {
    this.#snapshotDone = true;
    const { files, store } = await this.#got();
    if (!(await store.usable())) return;
    const bytes = await this.make.makeSnapshot(files).catch(() => null);
    if (bytes) await store.save(bytes);
  }

  #set(status: Status): void {
    this.#status = status;
    for (const listener of this.#listeners) listener(status);
  }
}

/** For the curious, and for benchmarks: how the page's Python came up. */
const note = (detail: Record<string, unknown>) =>
  performance.mark("coursewright:ready", { detail });

/** What a start that failed is told as. */
function failure(error: unknown): Status {
  const message = error instanceof Error ? error.message : String(error);
  return { phase: "failed", message, offline: error instanceof NoConnection };
}

const runtimes = new Map<string, Runtime>();

/** The tab's runtime for this address. */
export function runtimeAt(base: URL): Runtime {
  const runtime = runtimes.get(base.href) ?? new Runtime(base);
  runtimes.set(base.href, runtime);
  return runtime;
}
