// Loads packages into Pyodide under Node and writes which files of python_stdlib.zip that takes.
//
//     node list_modules.mjs <pyodide folder> <files.json> <package>...
//
// files.json: {"archive": "/lib/python314.zip", "files": ["_colorize.py", ...]}

import { readFileSync, writeFileSync } from "node:fs";

import { boot } from "./boot.mjs";

const [folder, target, ...packages] = process.argv.slice(2);
const python = await boot(folder);
await python.loadPackage(packages, { messageCallback() {} });
python.runPython(readFileSync(new URL("./list_modules.py", import.meta.url), "utf8"));
writeFileSync(target, python.runPython("report()"));
