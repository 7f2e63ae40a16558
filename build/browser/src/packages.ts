/**
 * Puts packages where Python imports them from.
 *
 * Plain ones are written into the file system from here, which takes a tenth of the time that
 * Pyodide's loader, in Python, takes to unpack them; their compiled parts are loaded on import.
 * Where there is anything else, such as a shared library, all is left to that loader.
 */

import type { Files, Pyodide } from "./pyodide.js";
import { unzip } from "./unzip.js";

type Wheel = Map<string, Uint8Array>;

const WHEEL = /\.whl$/;
const RUNNER = /^course-/; // the wheel with the runner, which every call is made through
const SITE = "import site; site.getsitepackages()[0]";
const LOOK_AGAIN = "import importlib; importlib.invalidate_caches()";

/** The runner alone, which needs nothing but the standard library. */
export async function installRunner(python: Pyodide, files: Files): Promise<void> {
  write(python, await opened(files, RUNNER));
}

export async function installPackages(python: Pyodide, files: Files): Promise<void> {
  const lock = files.get("pyodide-lock.json");
  if (!lock || arePlain(JSON.parse(await lock.text()) as Lock)) {
    const wheels = await opened(files, WHEEL);
    if (!wheels.some(hasData)) return write(python, wheels);
  }
  await python.loadPackage("course", { checkIntegrity: false, messageCallback() {} });
}

interface Lock {
  packages: Record<string, { package_type: string; install_dir: string }>;
}

const arePlain = ({ packages }: Lock): boolean =>
  Object.values(packages).every(
    ({ package_type, install_dir }) => package_type === "package" && install_dir === "site",
  );

/** Whether a wheel has files that go elsewhere, such as programs. */
const hasData = (wheel: Wheel) => Array.from(wheel.keys()).some((path) => path.includes(".data/"));

function opened(files: Files, which: RegExp): Promise<Wheel[]> {
  const chosen = Array.from(files).filter(([name]) => which.test(name));
  return Promise.all(
    chosen.map(async ([, data]) => unzip(new Uint8Array(await data.arrayBuffer()))),
  );
}

function write(python: Pyodide, wheels: Wheel[]): void {
  const site = String(python.runPython(SITE));
  const folders = new Set<string>();
  for (const [path, data] of wheels.flatMap((wheel) => Array.from(wheel))) {
    const folder = `${site}/${path}`.replace(/\/[^/]*$/, "");
    if (!folders.has(folder)) python.FS.mkdirTree(folder);
    folders.add(folder);
    python.FS.writeFile(`${site}/${path}`, data, { canOwn: true });
  }
  python.runPython(LOOK_AGAIN);
}
