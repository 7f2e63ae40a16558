// Has Pyodide compile Python sources under Node: zip in, zip of .pyc out.
//
//     node precompile.mjs <pyodide folder> <compiled.zip> <sources.zip> <layout> [<where installed>]
//
// Reads and writes nothing else, and needs no network: no package is loaded.

import { readFileSync, writeFileSync } from "node:fs";

import { boot, fail } from "./boot.mjs";

const [folder, compiled, sources, layout, where] = process.argv.slice(2);
const python = await boot(folder);
python.FS.writeFile("/tmp/sources.zip", readFileSync(sources));
python.runPython(readFileSync(new URL("./compile_sources.py", import.meta.url), "utf8"));
const [sitePackages] = python.runPython("import site; site.getsitepackages()").toJs();
const compileZip = python.globals.get("compile_zip");
const problem = compileZip("/tmp/sources.zip", "/tmp/compiled.zip", where ?? sitePackages, layout);
if (problem) fail(problem);
writeFileSync(compiled, python.FS.readFile("/tmp/compiled.zip"));
