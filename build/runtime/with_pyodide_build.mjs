// Boots Pyodide under Node with the host's installed pyodide-build in reach, and runs a script.
//
//     node with_pyodide_build.mjs <script.py> <work folder> <site-packages>
//
// The script sees the work folder as /job and the packages as /host; Pyodide is in its pyodide/.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { boot } from "./boot.mjs";

const [script, work, sitePackages] = process.argv.slice(2);
const python = await boot(join(work, "pyodide"));
for (const [path, root] of [["/job", work], ["/host", sitePackages]]) {
  python.FS.mkdir(path);
  python.FS.mount(python.FS.filesystems.NODEFS, { root }, path);
}
python.runPython(readFileSync(script, "utf8"));
