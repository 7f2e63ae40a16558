/** What a demo offers beside its answers: its curves kept to compare, a link to its settings. */

import { Arrival } from "./arrival.js";
import type { Controls, Values } from "./controls.js";
import { h } from "./dom.js";
import { Keep } from "./keep.js";
import { offerLink } from "./link.js";
import type { Outputs } from "./outputs.js";
import type { Bundle } from "./protocol.js";
import type { Session } from "./session.js";
import type { EditableSource } from "./source.js";
import type { StatusLine } from "./status.js";
import type { Stream } from "./stream.js";
import { invitation } from "./words.js";

export interface DemoParts {
  root: HTMLElement;
  screen: HTMLElement;
  controls: Controls | null;
  stream: Stream | null;
  source: EditableSource;
  /** The answer to some values that takes no Python, if there is one. */
  baked: (values: Values) => Promise<Bundle[] | null>;
  session: Session;
  outputs: Outputs;
  line: StatusLine;
  ask: () => void;
}

/** Adds the buttons to the foot; shows the settings of a link that was followed. */
export function furnish(parts: DemoParts, signal: AbortSignal): Arrival {
  const { root, controls, stream, source, session, outputs, line, ask } = parts;
  const actions = h("div", { class: "cw-foot-actions" });
  root.querySelector(".cw-source")?.after(actions);
  signal.addEventListener("abort", () => actions.remove());

  const settings = () => [...settingsAt(parts, session.answered), ...source.settings];
  const now = () => ({ settings: settings(), steps: stream?.steps ?? null });
  new Keep({ outputs, actions, line, now }, signal);
  offerLink({ root, controls, actions, line, edited: () => source.edited }, signal);

  const bytes = Number(root.dataset["bytes"]);
  return new Arrival(
    {
      ...parts,
      set: () => stream?.renew(),
      isAnswered: () => isAnswered(parts),
      run: () => (stream ? stream.play() : ask()),
      cost: () => (session.started ? "" : invitation(bytes, "link")),
    },
    signal,
  );
}

/** Whether the answer to the controls is shown, or comes without Python. */
async function isAnswered(parts: DemoParts): Promise<boolean> {
  const { controls, session, outputs, baked } = parts;
  const values = controls?.values ?? {};
  const [wanted, shown] = [values, session.answered].map((each) => settingsAt(parts, each));
  if (JSON.stringify(wanted) === JSON.stringify(shown)) return true;
  const answer = await baked(values);
  if (answer) session.ask(values);
  else outputs.stale = true;
  return answer !== null;
}

const settingsAt = ({ controls }: DemoParts, values: Values) => controls?.settings(values) ?? [];
