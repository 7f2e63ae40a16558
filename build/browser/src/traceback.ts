/** Which lines of a reader's code a Python traceback goes through. */

import { say } from "./say.js";

const FRAME = /File "([^"]+)", line (\d+)/g;

/** The lines of a file in it, counted from 1, the one where it was raised last. */
export function linesIn(traceback: string, file: string): number[] {
  const frames = Array.from(traceback.matchAll(FRAME));
  return frames.filter(([, name]) => name === file).map(([, , line]) => Number(line));
}

/** Where it was raised, in words. */
export function told(lines: number[]): string {
  const line = lines.at(-1);
  return line === undefined ? "" : say("editor.line", { line });
}
