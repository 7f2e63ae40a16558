import assert from "node:assert/strict";
import { type Mock, test, type TestContext } from "node:test";
import { type Answer, RunError } from "../src/kernel.js";
import type { LoadedEvent, ReadyEvent } from "../src/protocol.js";
import { type KernelLike, type Machinery, Runtime, type Status } from "../src/runtime.js";

const READY: ReadyEvent = {
  kind: "ready",
  timings: { python: 1 },
  versions: {},
  snapshot: "none",
};

const LOADED: LoadedEvent = {
  kind: "loaded",
  timings: { packages: 1, imports: 1 },
  versions: { numpy: "2" },
};

/** A kernel whose runs are answered, or left hanging, by the test. */
class FakeKernel implements KernelLike {
  readonly ready: Promise<ReadyEvent>;
  readonly ended: Promise<void>;
  readonly runs: {
    target: string;
    answer: (value: Answer) => void;
    fail: (reason: Error) => void;
  }[] = [];
  #fail: (reason: Error) => void = () => {};
  #over: () => void = () => {};
  loads = 0;
  constructor(
    ready: Promise<ReadyEvent>,
    private readonly loading: () => Promise<LoadedEvent> = async () => LOADED,
  ) {
    this.ready = ready;
    this.ended = new Promise((resolve) => (this.#over = resolve));
  }
  load(): Promise<LoadedEvent> {
    this.loads++;
    return this.loading();
  }
  run(target: string): Promise<Answer> {
    return new Promise((answer, reject) => {
      this.#fail = reject;
      this.runs.push({ target, answer, fail: reject });
    });
  }
  end(reason = new Error("ended")): void {
    this.#over();
    this.#fail(reason);
  }
}

interface Scene {
  runtime: Runtime;
  kernels: FakeKernel[];
  statuses: string[];
  saved: ArrayBuffer[];
  snapshots: (Blob | null)[];
  download: Mock<() => Promise<never>>;
  drop: Mock<() => Promise<void>>;
}

interface Given {
  snapshot?: Blob;
  boot?: (snapshot: Blob | null) => Promise<ReadyEvent>;
  load?: (snapshot: Blob | null) => Promise<LoadedEvent>;
  downloads?: (() => Promise<unknown>)[];
}

function scene(context: TestContext, given: Given = {}): Scene {
  const { boot = async () => READY, downloads = [], snapshot = null } = given;
  const { load = async () => LOADED } = given;
  const kernels: FakeKernel[] = [];
  const snapshots: (Blob | null)[] = [];
  const saved: ArrayBuffer[] = [];
  const drop = context.mock.fn(async () => {});
  const ok = async () => ({ files: [], wheels: Promise.resolve([]), check: "sha256" });
  const download = context.mock.fn(() => (downloads.shift() ?? ok)() as Promise<never>);
  const machinery = {
    fetchManifest: async () => ({
      build: "b",
      packages: ["numpy", "course"],
      imports: ["numpy"],
      bytes: 9,
      files: [],
    }),
    download,
    makeSnapshot: async () => new ArrayBuffer(3),
    snapshotStore: () => ({
      usable: async () => true,
      load: async () => snapshot,
      save: async (bytes: ArrayBuffer) => void saved.push(bytes),
      drop,
    }),
    kernel: (options) => {
      snapshots.push(options.snapshot);
      const from = options.snapshot;
      kernels.push(new FakeKernel(boot(from), () => load(from)));
      return kernels.at(-1)!;
    },
  } satisfies Machinery;
  const runtime = new Runtime(new URL("https://site.test/runtime/"), machinery);
  const statuses: string[] = [];
  const note = (status: Status) => statuses.push(status.phase);
  runtime.watch(note, new AbortController().signal);
  return { runtime, kernels, statuses, saved, snapshots, download, drop };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const ANSWER: Answer = { displays: [], milliseconds: 1 };

test("nothing is loaded until it is wanted", async (context) => {
  const { kernels, download } = scene(context);
  await settled();
  assert.equal(download.mock.callCount(), 0);
  assert.equal(kernels.length, 0);
});

test("demos that start together share one boot", async (context) => {
  const { runtime, kernels, statuses } = scene(context);
  await Promise.all([runtime.start(), runtime.start()]);
  assert.equal(kernels.length, 1);
  assert.deepEqual(statuses, ["idle", "downloading", "starting", "ready"]);
});

test("calls are made one at a time, in order", async (context) => {
  const { runtime, kernels } = scene(context);
  const answers = [runtime.run("a:a", {}), runtime.run("b:b", {})];
  await settled();
  const [kernel] = kernels;
  assert.deepEqual(
    kernel?.runs.map(({ target }) => target),
    ["a:a"],
  );
  kernel?.runs[0]?.answer(ANSWER);
  await settled();
  kernel?.runs[1]?.answer(ANSWER);
  await Promise.all(answers);
});

test("stop ends the call, and the next one finds a new Python", async (context) => {
  const { runtime, kernels, download } = scene(context);
  const stuck = runtime.run("a:loop", {});
  await settled();
  runtime.stop("Stopped by hand.");
  await assert.rejects(stuck, /Stopped by hand/);
  const next = runtime.run("b:b", {});
  await settled();
  assert.equal(kernels.length, 2);
  assert.equal(download.mock.callCount(), 1);
  kernels[1]?.runs[0]?.answer(ANSWER);
  await next;
});

test("stop without a call does nothing", async (context) => {
  const { runtime, kernels } = scene(context);
  await runtime.start();
  runtime.stop("why");
  await settled();
  assert.equal(kernels.length, 1);
});

test("a call that no interrupt ends is stopped after twelve seconds", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { runtime } = scene(context);
  const stuck = assert.rejects(runtime.run("a:loop", {}), /no answer within 12 seconds/);
  await settled();
  context.mock.timers.tick(12_000);
  await stuck;
});

test("a Python that crashed is replaced at the next call", async (context) => {
  const { runtime, kernels } = scene(context);
  const call = runtime.run("a:a", {});
  await settled();
  kernels[0]?.end(new Error("Python crashed"));
  await assert.rejects(call, /crashed/);
  void runtime.run("b:b", {});
  await settled();
  assert.equal(kernels[1]?.runs[0]?.target, "b:b");
});

test("a failed download is told, and tried again at the next call", async (context) => {
  const lost = () => Promise.reject(new Error("numpy.whl: the server answered 404"));
  const { runtime, statuses } = scene(context, { downloads: [lost] });
  await assert.rejects(runtime.start(), /404/);
  assert.equal(statuses.at(-1), "failed");
  await runtime.start();
  assert.equal(statuses.at(-1), "ready");
});

test("after a while without calls a snapshot is made and kept", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { runtime, saved } = scene(context);
  await runtime.start();
  context.mock.timers.tick(3_000);
  await settled();
  assert.equal(saved[0]?.byteLength, 3);
});

test("a boot from a snapshot makes no other", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const boot = async (): Promise<ReadyEvent> => ({ ...READY, snapshot: "used" });
  const { runtime, saved, snapshots } = scene(context, { snapshot: new Blob(["s"]), boot });
  await runtime.start();
  context.mock.timers.tick(60_000);
  await settled();
  assert.equal(snapshots[0]?.size, 1);
  assert.equal(saved.length, 0);
});

test("a snapshot that breaks the boot is dropped, and Python starts plainly", async (context) => {
  const boot = async (snapshot: Blob | null) => {
    if (snapshot) throw new Error("memory access out of bounds");
    return READY;
  };
  const { runtime, snapshots, drop } = scene(context, { snapshot: new Blob(["s"]), boot });
  context.mock.method(console, "info", () => {});
  await runtime.start();
  assert.equal(snapshots[1], null);
  assert.equal(drop.mock.callCount(), 1);
});

test("packages that a Python from a snapshot cannot load are loaded by a plain one", async (context) => {
  const boot = async (): Promise<ReadyEvent> => ({ ...READY, snapshot: "used" });
  const load = async (snapshot: Blob | null) => {
    if (snapshot) throw new Error("memory access out of bounds");
    return LOADED;
  };
  const { runtime, snapshots, drop } = scene(context, { snapshot: new Blob(["s"]), boot, load });
  assert.deepEqual(await runtime.start(), { numpy: "2" });
  assert.deepEqual([snapshots.length, snapshots[1], drop.mock.callCount()], [2, null, 1]);
  const again = runtime.run("a:a", {});
  await settled();
  assert.equal(snapshots.length, 2);
  void again;
});

test("a cell that imports nothing does not wait for packages; one that does, loads them", async (context) => {
  const { runtime, kernels, statuses } = scene(context);
  const cell = (code: string, above = {}) =>
    runtime.run("@cell", { lesson: "l", name: "c", code, above });
  void cell("1 + 1");
  await settled();
  assert.deepEqual([kernels[0]?.runs.length, kernels[0]?.loads], [1, 0]);
  assert.equal(statuses.at(-1), "ready");
  kernels[0]?.runs[0]?.answer(ANSWER);
  void cell("np.zeros(3)", { first: "import numpy as np" });
  await settled();
  assert.deepEqual([kernels[0]?.runs.length, kernels[0]?.loads], [2, 1]);
});

test("packages that do not load are told, and asked for again at the next call", async (context) => {
  const loads = [() => Promise.reject(new Error("out of memory")), async () => LOADED];
  const { runtime, kernels, statuses } = scene(context, { load: () => loads.shift()!() });
  await assert.rejects(runtime.start(), /out of memory/);
  assert.equal(statuses.at(-1), "failed");
  await runtime.start();
  assert.equal(statuses.at(-1), "ready");
  assert.equal(kernels.length, 2);
});

test("packages that did not arrive are fetched again once a cell wants them", async (context) => {
  const lost = async () => ({
    files: [],
    wheels: Promise.reject(new Error("numpy.whl: no connection")),
    check: "sha256",
  });
  const { runtime, kernels, download } = scene(context, { downloads: [lost] });
  await runtime.start(true);
  await settled();
  await runtime.start();
  assert.deepEqual([kernels.length, kernels[0]?.loads, download.mock.callCount()], [1, 1, 2]);
});

test("a Python that has used up its memory is replaced, and says so", async (context) => {
  const { runtime, kernels } = scene(context);
  const answer = runtime.run("a:a", {});
  await settled();
  const details = { type: "MemoryError", message: "", traceback: "line 2" };
  kernels[0]?.runs[0]?.fail(new RunError(details));
  await assert.rejects(answer, (error) => {
    assert.ok(error instanceof RunError);
    assert.match(error.message, /used up its memory, 1 GB, and was started anew/);
    assert.equal(error.details.traceback, "line 2");
    return true;
  });
  await settled();
  assert.equal(kernels.length, 2);
});
