// Pyodide under Node for the tests: loads "course", then answers each line (Python code as a JSON
// string) with {"value": ...} or {"error": "..."}.      node interpreter.mjs <folder>
//
// The code sees `loaded`, the packages, and `sources`: what was imported so far, in both boots and
// by NumPy, from the standard library's sources instead of its compiled files.

import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const folder = process.argv[2];
const { loadPyodide } = await import(pathToFileURL(join(folder, "pyodide.mjs")).href);
const first = await loadPyodide({ indexURL: folder, stdout: () => {}, _makeSnapshot: true });
const _loadSnapshot = first.makeMemorySnapshot();
const python = await loadPyodide({ indexURL: folder, stdout: () => {}, _loadSnapshot });
const loaded = await python.loadPackage("course", { messageCallback: () => {} });
python.globals.set("loaded", python.toPy(loaded.map((one) => one.name)));
const evaluate = python.runPython(`
import json, sys
import numpy.random
specs = [getattr(module, "__spec__", None) for module in sys.modules.values()]
origins = [spec.origin for spec in specs if spec and "/python314.zip/" in (spec.origin or "")]
known = {"loaded": loaded, "sources": [path for path in origins if path.endswith(".py")]}
from pyodide.code import eval_code
lambda code: json.dumps(eval_code(code, dict(known)))
`);

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = `{"value": ${evaluate(JSON.parse(line))}}`;
  } catch (error) {
    answer = JSON.stringify({ error: String(error.message) });
  }
  process.stdout.write(`${answer}\n`);
}
