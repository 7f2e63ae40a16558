/** The worker's script: commands are taken one after the other, events posted as they come. */

import { createHandler, lastLine } from "./handler.js";
import type { Command, WireEvent } from "./protocol.js";

const handle = createHandler();
let last = Promise.resolve();

function emit(event: WireEvent): void {
  const transfer = event.kind === "snapshot" ? [event.bytes] : [];
  (self as unknown as Worker).postMessage(event, transfer);
}

self.onmessage = ({ data }: MessageEvent<Command>) => {
  last = last
    .then(() => handle(data, emit))
    .catch((error: unknown) => emit({ kind: "fatal", message: lastLine(String(error)) }));
};
