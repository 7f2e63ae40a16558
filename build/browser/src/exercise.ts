/** <cw-exercise>: code to write, checked by calling it; hints one by one, then the solution. */

import { addressIn, h } from "./dom.js";
import { Editor, editorButtons } from "./editor.js";
import { Outputs } from "./outputs.js";
import { type Bundle, isObject } from "./protocol.js";
import { Session } from "./session.js";
import { did, withStore } from "./state/here.js";
import { StatusLine } from "./status.js";
import { linesIn, told } from "./traceback.js";
import { alike } from "./verdict.js";
import { invitation } from "./words.js";
import { say, sayAround } from "./say.js";

const ANSWER = "<answer>"; // the file that an answer is in, to Python
const CHECKS = "application/vnd.nudge.checks+json";

interface Check {
  call: string;
  gives: string;
  hidden: boolean;
}

interface Outcome {
  passed: boolean;
  got: string;
}

export function enhanceExercise(root: HTMLElement, signal: AbortSignal): void {
  const box = root.querySelector<HTMLElement>(":scope > .highlight");
  const screen = root.querySelector<HTMLElement>(".cw-outputs");
  const foot = root.querySelector<HTMLElement>(".cw-foot");
  if (!box || !screen || !foot) return;
  const checks = JSON.parse(root.dataset["checks"] ?? "[]") as Check[];
  const results = h("div", { class: "cw-results", role: "status" });
  const help = new Help(root, signal);
  const values = () => ({ lesson: root.dataset["lesson"] ?? "", code: editor.code, checks });
  const run = () => {
    did(root);
    session.ask(values());
  };
  const editor = new Editor(box, signal, run);
  const outputs = new CheckedOutputs(screen, signal, (outcomes) => {
    results.replaceChildren(...shown(root, checks, outcomes));
    help.tried();
  });
  const bytes = Number(root.dataset["bytes"]);
  const session = new Session({
    call: (args) => ({
      target: "@exercise",
      args: { ...args, checks: checks.map(({ hidden: _, ...check }) => check) },
    }),
    again: say("python.run-again"),
    runtime: addressIn(root, "runtime"),
    start: values(),
    outputs,
    line: new StatusLine(foot, invitation(bytes, "checks"), signal),
    signal,
    trace(traceback) {
      const lines = linesIn(traceback, ANSWER);
      editor.mark(lines);
      return told(lines);
    },
  });
  box.after(editorButtons(editor, signal, say("exercise.run")), results);
  signal.addEventListener("abort", () => results.remove());
  withStore(root, (store, { keepCode }) => keepCode(store, root, editor, signal), signal);
}

/** Outputs whose last display is what the checks gave. */
class CheckedOutputs extends Outputs {
  constructor(
    root: HTMLElement,
    signal: AbortSignal,
    private readonly onChecks: (outcomes: Outcome[] | null) => void,
  ) {
    super(root, signal);
  }

  override async show(bundles: Bundle[]): Promise<void> {
    const outcomes = bundles.at(-1)?.[CHECKS];
    const isChecks = Array.isArray(outcomes) && outcomes.every(isOutcome);
    this.onChecks(isChecks ? outcomes : null);
    await super.show(isChecks ? bundles.slice(0, -1) : bundles);
  }

  override fail(failure: Parameters<Outputs["fail"]>[0]): void {
    this.onChecks(null);
    super.fail(failure);
  }
}

function isOutcome(value: unknown): value is Outcome {
  return (
    isObject(value) && typeof value["passed"] === "boolean" && typeof value["got"] === "string"
  );
}

/** What each check gave, and the word for a mistake the author has foreseen. */
function shown(root: HTMLElement, checks: Check[], outcomes: Outcome[] | null): Node[] {
  if (!outcomes) return [];
  const passed = outcomes.filter((outcome) => outcome.passed).length;
  const all = passed === checks.length;
  const words = all
    ? say("exercise.all-pass")
    : say("exercise.pass", { passed, of: checks.length });
  const items = checks.map((check, i) => resultOf(check, outcomes[i]));
  const found: Node[] = [
    h("p", { class: "cw-verdict", "data-is": all ? "right" : "wrong" }, [words]),
    h("ul", {}, items),
  ];
  const foreseen = all ? null : saying(root, outcomes);
  if (foreseen) found.splice(1, 0, foreseen);
  return found;
}

function resultOf(check: Check, outcome: Outcome | undefined): HTMLElement {
  const passed = outcome?.passed ?? false;
  const attributes = { "data-is": passed ? "right" : "wrong" };
  const sign = passed ? "✓ " : "✗ ";
  if (check.hidden) {
    const hidden = say(passed ? "exercise.hidden-passed" : "exercise.hidden-failed");
    return h("li", attributes, [sign, hidden]);
  }
  const call = h("code", {}, [check.call]);
  const value = h("code", {}, [passed ? check.gives : (outcome?.got ?? "")]);
  const expected = h("code", {}, [check.gives]);
  const told = passed
    ? sayAround("exercise.gives", { call, value })
    : sayAround("exercise.gives-wrong", { call, value, expected });
  return h("li", attributes, [sign, ...told]);
}

/** What the author says to an answer that behaves like this one. */
function saying(root: HTMLElement, outcomes: Outcome[]): HTMLElement | null {
  const wrong = JSON.parse(root.dataset["wrong"] ?? "[]") as string[][];
  const index = wrong.findIndex((each) =>
    each.every((result, i) => alike(outcomes[i]?.got ?? "", result)),
  );
  const words = root.querySelectorAll(".cw-says > li")[index];
  if (!words) return null;
  return h(
    "p",
    { class: "cw-said" },
    Array.from(words.childNodes, (node) => node.cloneNode(true)),
  );
}

/** Hints show themselves one by one, the solution after the first try. */
class Help {
  readonly #hints: HTMLDetailsElement[];
  readonly #solution: HTMLDetailsElement | undefined;

  constructor(root: HTMLElement, signal: AbortSignal) {
    const all = Array.from(root.querySelectorAll<HTMLDetailsElement>(".cw-help > details"));
    this.#solution = all.pop();
    this.#hints = all;
    for (const later of [...this.#hints.slice(1), this.#solution]) if (later) later.hidden = true;
    this.#hints.forEach((hint, i) => {
      const next = this.#hints[i + 1] ?? this.#solution;
      hint.addEventListener("toggle", () => next && (next.hidden = false), { signal });
    });
    if (!this.#hints.length) this.tried();
    signal.addEventListener("abort", () => all.forEach((each) => (each.hidden = false)));
  }

  tried(): void {
    if (this.#solution) this.#solution.hidden = false;
  }
}
