/** Steps of the check that try what a lesson is made of: its own parts, with something small in them. */

import type { LiveChart } from "./chart.js";
import type { Step } from "./check-steps.js";
import { h } from "./dom.js";
import type { Answer } from "./kernel.js";
import { activeWorker, ask, siteRoot } from "./offline/register.js";
import { entryAt, fetchPlan } from "./offline/plan.js";
import { take } from "./offline/save.js";
import { Shelf } from "./offline/shelf.js";
import { Database } from "./state/database.js";
import { comesBack, isDue } from "./state/due.js";
import { rateable } from "./state/rate.js";
import { Store } from "./state/store.js";
import { parseGrade } from "./teachback/grade.js";
import { GRADE } from "./teachback/here.js";
import { megabytes, say } from "./say.js";

/** What the page has loaded already; imported here, it would be split off for every reader. */
export type Chart = typeof LiveChart;
type Call = (target: string, args: Record<string, unknown>) => Promise<Answer>;

const OURS = "coursewright-check"; // as a course whose reader nobody is
const PATIENCE_MILLISECONDS = 10_000;
const COUNT = "def count():\n    yield from (7, 14, 21)";
const TASK = { criteria: [{ id: "high", points: 1 }], ideas: [] };
const RUBRIC = {
  course: OURS,
  lesson: OURS,
  prompt: "When is the loss low?",
  criteria: [{ id: "high", points: 1, criterion: "It is right.", look_for: ["high probability"] }],
  misconceptions: [],
};
const SAID = "The loss is low when the word that came had been given a high probability before.";

/** Parts that take Python. */
export function partsOfPython(call: Call, teachBack: boolean): Step[] {
  return [
    { name: say("check.cells"), run: () => cells(call) },
    { name: say("check.streams"), run: () => streams(call) },
    ...(teachBack ? [{ name: say("check.teach"), run: () => graded(call) }] : []),
  ];
}

/** Parts that do not; `bench` is where they are put. */
export function partsOfPages(bench: HTMLElement, chart: Chart): Step[] {
  const tried = (act: (signal: AbortSignal) => Promise<string>) => async () => {
    const life = new AbortController();
    try {
      return await act(life.signal);
    } finally {
      life.abort();
      bench.replaceChildren();
    }
  };
  return [
    { name: say("check.charts"), run: tried((signal) => charts(new chart(bench, signal), bench)) },
    { name: say("check.quiz"), run: tried(() => quiz(bench)) },
    { name: say("check.cards"), run: tried((signal) => card(bench, signal)) },
    { name: say("check.offline"), optional: true, run: kept },
  ];
}

async function cells(call: Call): Promise<string> {
  const above = { first: "x = 21" };
  await call("@cell", { lesson: OURS, name: "second", code: "y = 2 * x", above });
  const third = { lesson: OURS, name: "third", code: "f'{y} is there'", above: {} };
  expectText(await call("@cell", third), "42 is there");
  return say("check.cells-know");
}

async function streams(call: Call): Promise<string> {
  const step = (fresh: boolean) =>
    call("@stream", {
      stream: OURS,
      run: "check:count",
      arguments: {},
      fresh,
      milliseconds: 0,
      code: COUNT,
    });
  for (const [fresh, picture] of [
    [true, "7"],
    [false, "14"],
    [true, "7"],
    [false, "14"],
  ] as const) {
    expectText(await step(fresh), picture);
  }
  return say("check.streams-went");
}

function expectText({ displays }: Answer, text: string): void {
  if (displays.some((each) => String(each["text/plain"]).includes(text))) return;
  throw new Error(`expected ${text}, got ${JSON.stringify(displays)}`);
}

async function graded(call: Call): Promise<string> {
  const grade = async (answer: string) => {
    const { displays } = await call("@grade", { rubric: JSON.stringify(RUBRIC), answer });
    return parseGrade(displays.find((each) => GRADE in each)?.[GRADE], TASK);
  };
  const [good, hollow] = [await grade(SAID), await grade("I do not know.")];
  if (good?.score !== 10 || hollow?.score !== 0) {
    throw new Error(`expected 10 and 0 points, got ${good?.score} and ${hollow?.score}`);
  }
  return say("check.teach-graded");
}

async function charts(chart: LiveChart, plot: HTMLElement): Promise<string> {
  const bars = () => Array.from(plot.querySelectorAll(".mark-rect path"), drawnAs);
  await chart.show(barChart([1, 2, 3]));
  const before = bars();
  await chart.show(barChart([3, 2, 1]));
  const after = bars();
  if (before.length !== 3 || String(after) !== String(before.toReversed())) {
    throw new Error(`expected bars of 1, 2, 3, then 3, 2, 1; got ${before}, then ${after}`);
  }
  return say("check.charts-drawn");
}

const drawnAs = (bar: Element) => Math.round((bar as SVGGraphicsElement).getBBox().height);

const barChart = (heights: number[]) => ({
  description: "Three bars.",
  mark: "bar",
  data: { values: heights.map((height, place) => ({ place, height })) },
  encoding: {
    x: { field: "place", type: "ordinal" },
    y: { field: "height", type: "quantitative" },
  },
});

async function quiz(bench: HTMLElement): Promise<string> {
  const options = ["no", "yes"].map((words, i) =>
    h("label", { class: "cw-option" }, [
      h("input", { type: "radio", name: OURS, value: `${i}` }),
      h("span", {}, [words]),
    ]),
  );
  const reasons = ["because not", "because"].map((why, i) =>
    h("li", i === 1 ? { class: "cw-right" } : {}, [h("span", { class: "cw-why" }, [why])]),
  );
  const root = document.createElement("cw-question");
  Object.assign(root.dataset, { kind: "single", answer: "[1]" });
  root.append(
    h("fieldset", { class: "cw-options", disabled: "" }, options),
    h("details", { class: "cw-answer" }, [h("ul", { class: "cw-reasons" }, reasons)]),
  );
  bench.append(root);
  const verdicts = options.map((option) => {
    option.click();
    pressed(root, say("quiz.check"));
    return root.querySelector<HTMLElement>(".cw-verdict")?.dataset["is"];
  });
  if (String(verdicts) !== "wrong,right") throw new Error(`the answers counted as ${verdicts}`);
  const said = root.querySelector(".cw-said")?.textContent;
  if (said !== "because") throw new Error(`the reason given was ${said}`);
  return say("check.quiz-told");
}

/** Rated as in a lesson, and kept: what is read back comes from the browser's storage. */
async function card(bench: HTMLElement, signal: AbortSignal): Promise<string> {
  const store = new Store(OURS, new Database(OURS));
  const details = h("details", { open: "" }, [h("summary", {}, [say("cards.show")])]);
  bench.append(details);
  const rated = new Promise<void>((done) =>
    rateable(store, { lesson: "check", block: "card", details }, signal, done),
  );
  pressed(bench, say("cards.good"));
  await within(rated);
  await store.settled();
  const again = await new Store(OURS, new Database(OURS)).load();
  const known = store.get("check", "card", "card");
  const stored = again.get("check", "card", "card");
  store.clear();
  await store.settled();
  if (!known || isDue(known, Date.now())) throw new Error("a card that was known is due at once");
  const back = comesBack(known, Date.now());
  if (!store.keeps) return say("check.cards-unkept", { back });
  if (stored?.due !== known.due) throw new Error("what was rated is not in the storage");
  return say("check.cards-kept", { back });
}

function pressed(root: HTMLElement, words: string): void {
  const buttons = Array.from(root.querySelectorAll("button"));
  const found = buttons.find(({ textContent }) => textContent === words);
  if (!found) throw new Error(`there is no button ${words}`);
  found.click();
}

async function kept(): Promise<string> {
  const site = siteRoot();
  if (!site) throw new Error("this course is not kept for reading without a network");
  if (!navigator.serviceWorker) throw new Error("no service worker: a network is needed");
  const worker = await within(activeWorker(site));
  const { build } = await within(ask(worker));
  const plan = await fetchPlan(site);
  const shelf = await Shelf.open(site);
  const entry = entryAt(plan, "assets/runtime/manifest.json");
  if (!entry) throw new Error("the list of files lacks those of Python");
  await take(entry, shelf, site);
  if (!(await shelf.has(entry))) throw new Error("a file that was kept is not there");
  const size = { megabytes: megabytes(plan.bytes) };
  return say(build === plan.build ? "check.offline-this" : "check.offline-other", size);
}

function within<T>(promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error("there was no answer within 10 seconds"));
    const timer = setTimeout(late, PATIENCE_MILLISECONDS);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
