// Boots Pyodide under Node from a folder, in the same way each time: what it makes must not vary.

import { join } from "node:path";
import { pathToFileURL } from "node:url";

// Node would print the line that threw, and in Pyodide that is a megabyte long.
process.on("uncaughtException", (error) => fail(String(error?.message ?? error)));

export async function boot(folder) {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < 20) fail(`Node.js ${process.versions.node} is too old: 20 or newer is needed`);
  const { loadPyodide } = await import(pathToFileURL(join(folder, "pyodide.mjs")).href);
  return loadPyodide({
    indexURL: folder,
    stdout: () => {},
    // Set and dict order of strings must not differ from run to run.
    env: { PYTHONHASHSEED: "0" },
  });
}

export function fail(message) {
  console.error(message);
  process.exit(1);
}
