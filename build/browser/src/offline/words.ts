/** What is said of saving, and of why it could not be. */

import { megabytes } from "../words.js";
import { NotSaved, type Why } from "./save.js";

export const WORDS = {
  preview: "This is a preview of the course, which browsers do not keep.",
  insecure: "Saving for offline takes an address with https, which this one is not.",
  saved:
    "The whole course is saved in this browser, Python included: it works without a network. " +
    "When a newer version is published, it is fetched beside it and offered to you.",
  unreachable: "There is no connection now, and the course is not saved in this browser.",
  stopped: "Stopped. What came so far stays: save again to go on from there.",
};

const REASONS: Record<Exclude<Why, "room" | "changed">, string> = {
  connection: "The connection was lost. What came so far stays: save again to go on from there.",
  moved: "A newer version was published meanwhile. Reload this page and save again.",
  denied:
    "This browser keeps no files for this site: a private window, or its settings. " +
    "The course works here as long as there is a network.",
};

export function refusal(error: unknown, bytes: number): string {
  if (!(error instanceof NotSaved)) return `It could not be saved: ${String(error)}`;
  const { why, path } = error;
  if (why === "changed") return `It could not be saved: the server sends ${path} changed.`;
  if (why !== "room") return REASONS[why];
  const needed = `There is not enough room: the course takes ${megabytes(bytes)} MB.`;
  return `${needed} Nothing was saved, and what you did in the course is untouched.`;
}
