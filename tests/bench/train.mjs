// Runs what is to be timed in the readers' Python, in a worker: code in, its value and the heap out.

let ready;

async function boot(base) {
  const { loadPyodide } = await import(`${base}pyodide.mjs`);
  const py = await loadPyodide({ indexURL: base });
  await py.loadPackage(["numpy", "pyengine"]);
  for (const name of ["train_step.py", "limit.wasm"]) {
    const data = await (await fetch(`${base}${name}`)).arrayBuffer();
    py.FS.writeFile(`/${name}`, new Uint8Array(data));
  }
  py.runPython("import sys; sys.path.insert(0, '/'); import train_step; from pyengine import kernels");
  return py;
}

onmessage = async ({ data: { base, code } }) => {
  try {
    const py = await (ready ??= boot(base));
    postMessage({ value: py.runPython(code), heap: py._module.HEAP8.length });
  } catch (error) {
    postMessage({ error: String(error?.message ?? error).slice(-2000) });
  }
};
