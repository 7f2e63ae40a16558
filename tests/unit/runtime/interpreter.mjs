// Pyodide under Node for the tests: loads "course", then answers each line (Python code as a JSON
// string) with {"value": ...} or {"error": "..."}.      node interpreter.mjs <folder>

import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const folder = process.argv[2];
const { loadPyodide } = await import(pathToFileURL(join(folder, "pyodide.mjs")).href);
const python = await loadPyodide({ indexURL: folder, stdout: () => {} });
const loaded = await python.loadPackage("course", { messageCallback: () => {} });
python.globals.set("loaded", python.toPy(loaded.map((one) => one.name)));
const evaluate = python.runPython(`
import json
from pyodide.code import eval_code
lambda code: json.dumps(eval_code(code, {"loaded": loaded}))
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
