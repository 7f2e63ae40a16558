/**
 * The sandbox: an opaque-origin frame with one worker in it, talked to by messages.
 *
 * A same-origin worker would be no boundary: `import js` would reach the site's storage and caches.
 * The frame has no origin, no storage and, by its CSP, no network; what it needs is posted in.
 */

import { type Command, type Event, parseEvent } from "./protocol.js";
import { sha256, source as relay } from "inline:./relay.ts";
import { source as worker } from "inline:./worker.ts";
import { say } from "./say.js";

const POLICY = [
  "default-src 'none'",
  `script-src '${sha256}' blob: 'wasm-unsafe-eval'`,
  "worker-src blob:",
  "connect-src 'none'",
].join("; ");

const PAGE = `<!doctype html><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}"><script>${relay}</script>`;

const HELLO_MILLISECONDS = 15_000;
const LEAVE_MILLISECONDS = 500;

export class Sandbox {
  readonly #frame = document.createElement("iframe");
  readonly #listening = new AbortController();
  readonly #waiting: (Command | string)[] = [worker];
  readonly #late: ReturnType<typeof setTimeout>;
  #open = false;

  constructor(private readonly onEvent: (event: Event) => void) {
    this.#frame.setAttribute("sandbox", "allow-scripts");
    this.#frame.hidden = true;
    this.#frame.title = "Python";
    this.#frame.srcdoc = PAGE;
    const { signal } = this.#listening;
    addEventListener("message", (message) => this.#receive(message), { signal });
    this.#late = setTimeout(() => this.#silent(), HELLO_MILLISECONDS);
    document.body.append(this.#frame);
  }

  post(command: Command): void {
    this.#waiting.push(command);
    this.#flush();
  }

  /** Ends the worker, whatever it is doing (see timelimit.ts), then takes the frame away. */
  end(): void {
    clearTimeout(this.#late);
    this.#listening.abort();
    this.#frame.contentWindow?.postMessage(null, "*");
    setTimeout(() => this.#frame.remove(), LEAVE_MILLISECONDS);
  }

  #receive({ source, data }: MessageEvent): void {
    if (source !== this.#frame.contentWindow) return;
    const event = parseEvent(data) ?? { kind: "fatal", message: say("python.unreadable") };
    if (event.kind !== "hello") return this.onEvent(event);
    clearTimeout(this.#late);
    this.#open = true;
    this.#flush();
  }

  #flush(): void {
    if (!this.#open) return;
    // The opaque origin has no name to address it by, hence "*"; the frame's content is ours.
    for (const item of this.#waiting.splice(0)) this.#frame.contentWindow?.postMessage(item, "*");
  }

  #silent(): void {
    this.onEvent({ kind: "fatal", message: say("python.no-frame") });
  }
}
