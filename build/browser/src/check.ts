/** <cw-check>: does this browser run everything? Each step's result in words, and all as JSON. */

import type { Chart } from "./check-parts.js";
import { steps, type Step, type Subject } from "./check-steps.js";
import { addressIn, h } from "./dom.js";
import { say } from "./say.js";

type Result = "works" | "fails" | "missing, not needed";

interface Outcome {
  name: string;
  result: Result;
  words: string;
  milliseconds: number;
}

const MARKS = { works: "✓", fails: "✗", "missing, not needed": "–" };

const resultWords = (result: Result) =>
  say(result === "missing, not needed" ? "check.missing" : `check.${result}`);

/** Runs the whole chain in the element; `signal` ends it. */
export async function check(root: HTMLElement, signal: AbortSignal, chart: Chart): Promise<void> {
  const bench = h("div", { class: "cw-check-bench", inert: "" });
  const { steps: chain, end } = steps({ ...subjectOf(root), bench, chart });
  signal.addEventListener("abort", end);
  const list = h("ol", { class: "cw-check-steps" });
  const verdict = h("p", { class: "cw-check-verdict", role: "status" }, [say("check.checking")]);
  root.replaceChildren(verdict, list, bench);
  const outcomes: Outcome[] = [];
  for (const step of chain) {
    const outcome = await show(list, step);
    outcomes.push(outcome);
    if (signal.aborted) return;
    if (outcome.result === "fails") break;
  }
  end();
  bench.remove();
  conclude(root, verdict, outcomes, outcomes.length === chain.length);
}

function subjectOf(root: HTMLElement): Omit<Subject, "bench" | "chart"> {
  return {
    base: addressIn(root, "runtime"),
    target: root.dataset["run"] ?? "",
    args: JSON.parse(root.dataset["args"] ?? "{}") as Record<string, unknown>,
    expect: root.dataset["expect"] ?? "",
    teachBack: "teachBack" in root.dataset,
  };
}

async function show(list: HTMLElement, step: Step): Promise<Outcome> {
  const item = h("li", { "data-result": "running" }, [line("…", step.name, say("check.running"))]);
  list.append(item);
  const outcome = await attempt(step);
  item.dataset["result"] = outcome.result;
  const result = resultWords(outcome.result);
  const words = outcome.words ? `${result}: ${outcome.words}` : result;
  item.replaceChildren(line(MARKS[outcome.result], step.name, words));
  return outcome;
}

async function attempt({ name, optional, run }: Step): Promise<Outcome> {
  const started = performance.now();
  const took = () => Math.round(performance.now() - started);
  try {
    const words = await run();
    return { name, result: "works", words, milliseconds: took() };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    const result = optional ? "missing, not needed" : "fails";
    return { name, result, words, milliseconds: took() };
  }
}

function line(mark: string, name: string, words: string): HTMLElement {
  return h("p", {}, [
    h("span", { class: "cw-check-mark", "aria-hidden": "true" }, [mark]),
    h("strong", {}, [name]),
    h("span", { class: "cw-check-words" }, [words]),
  ]);
}

function conclude(root: HTMLElement, verdict: HTMLElement, outcomes: Outcome[], ok: boolean): void {
  const failed = outcomes.at(-1)?.name ?? say("check.start");
  verdict.textContent = ok ? say("check.ok") : say("check.stops", { step: failed });
  const report = { ok, browser: navigator.userAgent, steps: outcomes };
  const json = h("pre", { class: "cw-check-json", tabindex: "0" }, [
    JSON.stringify(report, null, 2),
  ]);
  root.append(copyButton(json), json);
  root.dataset["ok"] = String(ok);
  root.dataset["done"] = "true";
}

function copyButton(json: HTMLElement): HTMLElement {
  const button = h("button", { type: "button", class: "cw-button" }, [say("check.copy")]);
  button.addEventListener("click", () => {
    const copied = navigator.clipboard?.writeText(json.textContent) ?? Promise.reject(new Error());
    copied.then(
      () => (button.textContent = say("check.copied")),
      () => getSelection()?.selectAllChildren(json),
    );
  });
  return button;
}
