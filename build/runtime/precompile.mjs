// Boots Pyodide under Node and has it compile Python sources: zip in, zip of .pyc out.
//
//     node precompile.mjs <pyodide folder> <sources.zip> <compiled.zip> <replace|beside>
//
// Reads and writes nothing else, and needs no network: no package is loaded.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, sources, compiled, layout] = process.argv.slice(2);

const major = Number(process.versions.node.split(".")[0]);
if (major < 20) fail(`Node.js ${process.versions.node} is too old: 20 or newer is needed`);

const { loadPyodide } = await import(pathToFileURL(join(folder, "pyodide.mjs")).href);
const python = await loadPyodide({
  indexURL: folder,
  lockFileContents: readFileSync(join(folder, "pyodide-lock.json"), "utf8"),
  // Set and dict order of strings must not differ from run to run.
  env: { PYTHONHASHSEED: "0" },
});

python.FS.writeFile("/tmp/sources.zip", readFileSync(sources));
python.runPython(readFileSync(new URL("./compile_sources.py", import.meta.url), "utf8"));
const [sitePackages] = python.runPython("import site; site.getsitepackages()").toJs();
const compileZip = python.globals.get("compile_zip");
const problem = compileZip("/tmp/sources.zip", "/tmp/compiled.zip", sitePackages, layout);
if (problem) fail(problem);
writeFileSync(compiled, python.FS.readFile("/tmp/compiled.zip"));

function fail(message) {
  console.error(message);
  process.exit(1);
}
