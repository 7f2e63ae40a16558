/** One booted Python in its sandbox, with promises instead of events. */

import { Sandbox } from "./frame.js";
import type { BootFile, Bundle, Event, LoadedEvent, PythonError, ReadyEvent } from "./protocol.js";
import { say } from "./say.js";

export interface Answer {
  displays: Bundle[];
  milliseconds: number;
}

/** The reader's (or the demo's) Python raised. */
export class RunError extends Error {
  constructor(readonly details: PythonError) {
    super(details.message);
  }
}

/** Python was ended: on request, by the watchdog, or because it crashed. */
export class StoppedError extends Error {}

export interface KernelOptions {
  files: BootFile[];
  snapshot: Blob | null;
  onStage?: (stage: "python" | "packages") => void;
}

interface Waiting<T> {
  resolve: (value: T) => void;
  reject: (reason: Error) => void;
}

export class Kernel {
  readonly ready: Promise<ReadyEvent>;
  /** Resolves when this kernel is over, before what waited for it is rejected. */
  readonly ended: Promise<void>;
  #over: () => void = () => {};
  readonly #sandbox: Sandbox;
  readonly #onStage: KernelOptions["onStage"];
  readonly #runs = new Map<number, Waiting<Answer>>();
  #boot: Waiting<ReadyEvent> | undefined;
  #loading: Waiting<LoadedEvent> | undefined;
  #probe: Waiting<Record<string, string>> | undefined;
  #lastRun = 0;

  constructor({ files, snapshot, onStage }: KernelOptions) {
    this.#onStage = onStage;
    this.#sandbox = new Sandbox((event) => this.#receive(event));
    this.ready = new Promise((resolve, reject) => (this.#boot = { resolve, reject }));
    this.ready.catch(() => {});
    this.ended = new Promise((resolve) => (this.#over = resolve));
    this.#sandbox.post({ kind: "boot", files, snapshot });
  }

  /** Loads the packages, and imports those named. */
  load(wheels: BootFile[], imports: string[]): Promise<LoadedEvent> {
    this.#sandbox.post({ kind: "packages", wheels, imports });
    return new Promise((resolve, reject) => (this.#loading = { resolve, reject }));
  }

  run(target: string, args: Record<string, unknown>, limit: number): Promise<Answer> {
    const runId = ++this.#lastRun;
    this.#sandbox.post({ kind: "run", runId, target, args: JSON.stringify(args), limit });
    return new Promise((resolve, reject) => this.#runs.set(runId, { resolve, reject }));
  }

  /** What learner code tried and could not do, each "blocked" or "ALLOWED". */
  probe(siteUrl: string): Promise<Record<string, string>> {
    this.#sandbox.post({ kind: "probe", siteUrl });
    return new Promise((resolve, reject) => (this.#probe = { resolve, reject }));
  }

  /** Starts a loop that never ends, to see whether `end` ends it. */
  spin(): void {
    this.#sandbox.post({ kind: "spin" });
  }

  end(reason: Error = new StoppedError(say("python.was-stopped"))): void {
    this.#sandbox.end();
    this.#over();
    for (const waiting of [this.#boot, this.#loading, this.#probe, ...this.#runs.values()]) {
      waiting?.reject(reason);
    }
    this.#runs.clear();
  }

  #receive(event: Event): void {
    switch (event.kind) {
      case "progress":
        return this.#onStage?.(event.stage);
      case "ready":
        return this.#boot?.resolve(event);
      case "loaded":
        return this.#loading?.resolve(event);
      case "result":
        return this.#settle(event.runId)?.resolve(event);
      case "error":
        return this.#settle(event.runId)?.reject(new RunError(event.error));
      case "probed":
        return this.#probe?.resolve(event.report);
      case "fatal":
        return this.end(new StoppedError(say("python.crashed", { why: event.message })));
    }
  }

  #settle(runId: number): Waiting<Answer> | undefined {
    const waiting = this.#runs.get(runId);
    this.#runs.delete(runId);
    return waiting;
  }
}

/** The memory of a fresh interpreter, made in a sandbox of its own. */
export function makeSnapshot(files: BootFile[]): Promise<ArrayBuffer> {
  return new Promise((resolve, reject) => {
    const sandbox = new Sandbox((event) => {
      if (event.kind === "snapshot") resolve(event.bytes);
      else if (event.kind === "fatal") reject(new Error(event.message));
      else return;
      sandbox.end();
    });
    sandbox.post({ kind: "snapshot", files });
  });
}
