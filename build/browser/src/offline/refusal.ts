/** What is said of a course that could not be saved: why. */

import { megabytes, say } from "../say.js";
import { NotSaved } from "./save.js";

export function refusal(error: unknown, bytes: number): string {
  if (!(error instanceof NotSaved)) return say("offline.failed", { why: String(error) });
  const { why, path } = error;
  if (why === "changed") return say("offline.changed", { path });
  if (why === "room") return say("offline.room", { megabytes: megabytes(bytes) });
  return say(`offline.${why}`);
}
