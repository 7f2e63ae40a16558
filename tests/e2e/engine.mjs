// The engine's unit tests, run by the readers' own Python: the runtime's files, in a worker.

onmessage = async ({ data: { runtime, project, options } }) => {
  try {
    postMessage(await run(runtime, project, options));
  } catch (error) {
    postMessage({ code: -1, output: String(error?.stack ?? error) });
  }
};

async function run(runtime, project, options) {
  const { loadPyodide } = await import(`${runtime}pyodide.mjs`);
  const lines = [];
  const py = await loadPyodide({ indexURL: runtime, stdout: (l) => lines.push(l), stderr: (l) => lines.push(l) });
  await py.loadPackage(["numpy", "pyengine"]);
  py.unpackArchive(await (await fetch(project)).arrayBuffer(), "zip", { extractDir: "/project" });
  py.globals.set("options", py.toPy(options));
  const code = await py.runPythonAsync(`
import os, sys
sys.path.insert(0, "/project/packages")
os.chdir("/project")
import pytest
int(pytest.main(list(options)))
`);
  return { code, output: lines.join("\n") };
}
