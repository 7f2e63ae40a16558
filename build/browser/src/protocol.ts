/** What the page and the worker say to each other, and the check on everything that comes back. */

/** A file Pyodide will ask for, by the name it asks for; already verified and inflated. */
export interface BootFile {
  name: string;
  data: Blob;
}

export type Command =
  | { kind: "boot"; files: BootFile[]; snapshot: Blob | null }
  | { kind: "packages"; wheels: BootFile[]; imports: string[] }
  | { kind: "run"; runId: number; target: string; args: string; limit: number }
  | { kind: "snapshot"; files: BootFile[] }
  | { kind: "probe"; siteUrl: string }
  | { kind: "spin" };

/** MIME type -> data, as Jupyter has it. `text/plain` is always there. */
export type Bundle = Record<string, unknown>;

export interface PythonError {
  type: string;
  message: string;
  traceback: string;
}

/** Milliseconds: until Python runs, until all packages are in its file system, for their imports. */
export interface Timings {
  python: number;
  packages: number;
  imports: number;
}

/** "none", "used", or why it was refused. */
export type SnapshotUse = "none" | "used" | `refused: ${string}`;

export type Event =
  | { kind: "hello" }
  | { kind: "progress"; stage: "python" | "packages" }
  | {
      kind: "ready";
      timings: Pick<Timings, "python">;
      versions: Record<string, string>;
      snapshot: SnapshotUse;
    }
  | {
      kind: "loaded";
      timings: Omit<Timings, "python">;
      versions: Record<string, string>;
    }
  | { kind: "result"; runId: number; displays: Bundle[]; milliseconds: number }
  | { kind: "error"; runId: number; error: PythonError }
  | { kind: "fatal"; message: string }
  | { kind: "snapshot"; bytes: ArrayBuffer }
  | { kind: "probed"; report: Record<string, string> };

export type ReadyEvent = Extract<Event, { kind: "ready" }>;
export type LoadedEvent = Extract<Event, { kind: "loaded" }>;

/** What the worker posts: as `Event`, but a run's outcome travels as the runner's JSON text. */
export type WireEvent =
  | Exclude<Event, { kind: "result" | "error" }>
  | { kind: "answer"; runId: number; json: string; milliseconds: number };

/** The cache the page opens before it has Python look for it. */
export const PROBE_CACHE = "coursewright-check";

const ANSWER_CHARACTERS = 4_000_000;
const TEXT_CHARACTERS = 20_000;
const SNAPSHOT_BYTES = 128 * 2 ** 20;

type Fields = Record<string, unknown>;

/** The event in a message from the frame, or null when it is not one or is too large. */
export function parseEvent(data: unknown): Event | null {
  if (!isObject(data)) return null;
  switch (data["kind"]) {
    case "hello":
      return { kind: "hello" };
    case "progress":
      return parseProgress(data);
    case "ready":
      return parseReady(data);
    case "loaded":
      return parseLoaded(data);
    case "answer":
      return parseAnswer(data);
    case "fatal":
      return isText(data["message"]) ? { kind: "fatal", message: data["message"] } : null;
    case "snapshot":
      return parseSnapshot(data);
    case "probed":
      return isTexts(data["report"]) ? { kind: "probed", report: data["report"] } : null;
    default:
      return null;
  }
}

function parseProgress({ stage }: Fields): Event | null {
  return stage === "python" || stage === "packages" ? { kind: "progress", stage } : null;
}

function parseReady({ timings, versions, snapshot }: Fields): Event | null {
  if (!isSnapshotUse(snapshot)) return null;
  if (!isObject(timings) || !isTexts(versions)) return null;
  const { python } = timings;
  return isNumber(python) ? { kind: "ready", timings: { python }, versions, snapshot } : null;
}

function parseLoaded({ timings, versions }: Fields): Event | null {
  if (!isObject(timings) || !isTexts(versions)) return null;
  const { packages, imports } = timings;
  if (!isNumber(packages) || !isNumber(imports)) return null;
  return { kind: "loaded", timings: { packages, imports }, versions };
}

function isSnapshotUse(value: unknown): value is SnapshotUse {
  return isText(value) && (value === "none" || value === "used" || value.startsWith("refused: "));
}

function parseSnapshot({ bytes }: Fields): Event | null {
  const fits = bytes instanceof ArrayBuffer && bytes.byteLength <= SNAPSHOT_BYTES;
  return fits ? { kind: "snapshot", bytes } : null;
}

function parseAnswer({ runId, json, milliseconds }: Fields): Event | null {
  if (!isNumber(runId) || typeof json !== "string" || !isNumber(milliseconds)) return null;
  const failed = (message: string): Event => ({
    kind: "error",
    runId,
    error: { type: "OutputError", message, traceback: "" },
  });
  if (json.length > ANSWER_CHARACTERS) {
    const size = (json.length / 1e6).toFixed(1);
    return failed(`The answer is too large to show: ${size} million characters, 4 at most.`);
  }
  const answer = parseJson(json);
  if (!isObject(answer)) return failed("The answer is not JSON.");
  if (isPythonError(answer["error"])) return { kind: "error", runId, error: answer["error"] };
  const displays = answer["displays"];
  if (!Array.isArray(displays) || !displays.every(isObject)) {
    return failed("The answer has neither displays nor an error.");
  }
  return { kind: "result", runId, displays, milliseconds };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isPythonError(value: unknown): value is PythonError {
  if (!isObject(value)) return false;
  return ["type", "message", "traceback"].every((key) => typeof value[key] === "string");
}

export function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length <= TEXT_CHARACTERS;
}

function isTexts(value: unknown): value is Record<string, string> {
  return isObject(value) && Object.values(value).every(isText);
}
