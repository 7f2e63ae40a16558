/**
 * <cw-demo>: an instrument on a Python function. The page holds it complete, with its answer at the
 * start values; this gives the controls their life. When the first is moved, what was computed at
 * every stop is fetched, if there is such a file, or Python is booted.
 */

import { loadVegaNear } from "./chart.js";
import { Controls, type Values } from "./controls.js";
import { addressIn } from "./dom.js";
import { furnish } from "./foot.js";
import { Frames } from "./frames.js";
import { Outputs } from "./outputs.js";
import { Session } from "./session.js";
import { EditableSource } from "./source.js";
import { runtimeAt } from "./runtime.js";
import { did, withStore } from "./state/here.js";
import { StatusLine } from "./status.js";
import { Stream, StreamOutputs } from "./stream.js";
import { invitation } from "./words.js";
import { say } from "./say.js";

export function enhanceDemo(root: HTMLElement, signal: AbortSignal): void {
  const fieldset = root.querySelector<HTMLFieldSetElement>(".cw-controls");
  const screen = root.querySelector<HTMLElement>(".cw-outputs");
  const foot = root.querySelector<HTMLElement>(".cw-foot");
  const code = root.querySelector<HTMLElement>(".cw-source");
  const target = root.dataset["run"];
  const streams = "streams" in root.dataset;
  if (!(fieldset || streams) || !screen || !foot || !code || !target) return;
  const made = `${target}\n${fieldset?.innerHTML ?? ""}`; // before any control has been moved

  const changed = () => (stream ? stream.changed() : ask());
  const controls = fieldset ? new Controls(fieldset, signal, changed) : null;
  const values = () => controls?.values ?? {};
  const ask = () => {
    did(root);
    arrival.end();
    session.ask(stream ? stream.values(values()) : values());
  };
  const stream = streams ? new Stream(screen, root.id, ask, signal) : null;
  const source = new EditableSource(root, signal, changed);
  const frames = framesOf(root);
  const invited = invitation(Number(root.dataset["bytes"]), stream ? "play" : "move");
  const outputs = stream ? streamOutputs(screen, signal, stream) : new Outputs(screen, signal);
  const line = new StatusLine(foot, frames ? say("python.baked") : invited, signal);
  const baked = async (at: Values) => (source.edited ? null : ((await frames?.at(at)) ?? null));
  const session = new Session({
    baked,
    call: () => (stream ?? source).call(target, values(), source.code),
    runtime: addressIn(root, "runtime"),
    start: values(),
    outputs,
    line,
    signal,
    trace: (traceback) => source.trace(traceback),
  });

  const parts = { root, screen, controls, stream, source, baked, session, outputs, line, ask };
  const arrival = furnish(parts, signal);
  if (stream && "resumes" in root.dataset) {
    const runtime = runtimeAt(addressIn(root, "runtime"));
    const run = {
      ...{ root, screen, stream, controls, runtime },
      ran: () => `${made}\n${source.code ?? source.original}`,
      stands: () => `${made}\n${source.written}`,
      adopt: () => source.adopt(),
    };
    withStore(root, (_, { keepRun }) => keepRun(run, signal), signal);
  }
  onHand(fieldset ?? code, signal, () =>
    frames && !source.edited ? void frames.load() : session.start(),
  );
  if (root.querySelector(".cw-chart") && !savesData()) void loadVegaNear(root, signal);
  if (fieldset) fieldset.disabled = false;
}

function framesOf({ dataset }: HTMLElement): Frames | null {
  const address = dataset["frames"];
  return address ? new Frames(new URL(address, document.baseURI)) : null;
}

function streamOutputs(screen: HTMLElement, signal: AbortSignal, stream: Stream): StreamOutputs {
  return new StreamOutputs(screen, signal, {
    came: (progress) => stream.came(progress),
    failed: () => stream.failed(),
  });
}

/** A control taken in hand is about to move. A finger on it may only be scrolling the page. */
function onHand(controls: Element, signal: AbortSignal, act: () => void): void {
  const taken = (event: Event) => {
    const operates =
      event.target instanceof Element && event.target.closest("input, label, button");
    if (operates && (event as PointerEvent).pointerType !== "touch") act();
  };
  controls.addEventListener("pointerdown", taken, { signal, passive: true });
}

function savesData(): boolean {
  const { connection } = navigator as Navigator & { connection?: { saveData?: boolean } };
  return connection?.saveData === true;
}
