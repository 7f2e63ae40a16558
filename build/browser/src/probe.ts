/** Tries, from Python, what a learner's code must not be able to do. "ALLOWED" is bad news. */

import { PROBE_CACHE } from "./protocol.js";
import type { Pyodide } from "./pyodide.js";

// Bodies of async Python functions; `js` is the worker's own global scope. An opaque origin may
// have caches of its own (WebKit gives it some), so the question is whether it sees the page's.
const ATTEMPTS: Record<string, string> = {
  fetch: "await js.fetch(url, mode='no-cors')",
  request: "r = js.XMLHttpRequest.new(); r.open('GET', url, False); r.send()",
  eval: "js.eval('1')",
  indexedDB: "await opened(js.indexedDB.open('probe'))",
  caches: `assert await js.caches.has('${PROBE_CACHE}')`,
  localStorage: "js.localStorage.setItem('probe', '1')",
};

const PROGRAM = `
import asyncio, js
from pyodide.ffi import to_js

async def opened(request):
    "Waits for a database's answer: an error event is a refusal."
    answer = asyncio.get_running_loop().create_future()
    settle = lambda call: lambda event: answer.done() or call(event)
    request.onsuccess = settle(lambda event: answer.set_result(True))
    request.onerror = settle(lambda event: answer.set_exception(OSError("refused")))
    await answer

async def attempt(body, url):
    scope = {"js": js, "url": url, "opened": opened}
    exec("async def probe():\\n " + body, scope)
    try:
        await asyncio.wait_for(scope["probe"](), 2)
    except TimeoutError:
        return "no answer"
    except Exception:
        return "blocked"
    return "ALLOWED"

async def report(attempts, url):
    return to_js([[name, await attempt(body, url)] for name, body in attempts.items()])
report`;

type Report = (attempts: unknown, url: string) => Promise<[string, string][]>;

/** `url` is one the page can fetch; the page has opened a cache called PROBE_CACHE. */
export async function isolation(python: Pyodide, url: string): Promise<Record<string, string>> {
  const report = python.runPython(PROGRAM) as Report;
  return Object.fromEntries(await report(python.toPy(ATTEMPTS), url));
}
