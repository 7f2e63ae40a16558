/** <cw-data>: what this browser keeps of the course's reader; to save, to load, to delete. */

import { h } from "../dom.js";
import type { Kind } from "./kinds.js";
import { storeOf } from "./page.js";
import { Runs } from "./runs.js";
import type { Store } from "./store.js";
import { BadFile, fileOf, MOST_BYTES, recordsIn } from "./transfer.js";

const NAMES: [kind: Kind | "run", words: string][] = [
  ["done", "Things done"],
  ["answer", "Answers and predictions"],
  ["code", "Pieces of edited code"],
  ["draft", "Explanations"],
  ["card", "Cards that come back"],
  ["place", "Lessons with a place where you left off"],
  ["run", "Training runs to go on with (not in the file: they are large)"],
  ["grader", "Agreements to have explanations graded"],
];

export async function data(root: HTMLElement, signal: AbortSignal): Promise<void> {
  const course = root.dataset["course"] ?? "";
  const store = await storeOf(course);
  const runs = new Runs(course);
  let kept = await runs.count();
  if (signal.aborted) return;
  const table = h("div", { class: "cw-table" });
  const said = h("p", { role: "status", class: "cw-data-said", tabindex: "-1" });
  const say = (words: string) => (said.textContent = words);
  const field = h("input", { type: "file", accept: ".json,application/json", hidden: "" });
  const save = button("Save to a file", () => download(store));
  const load = button("Load from a file", () => field.click());
  const clear = async () => {
    store.clear();
    await runs.clear();
    kept = await runs.count();
    show();
  };
  const forget = button("Delete everything", () => confirm(forget, clear, say));
  field.addEventListener("change", () => void read(field, store, say), { signal });
  const actions = h("div", { class: "cw-actions" }, [save, load, field, forget]);
  const show = () => {
    table.replaceChildren(tableOf(store, kept));
    save.disabled = store.all().next().done === true;
    forget.disabled = save.disabled && kept === 0;
  };
  root.replaceChildren(table, actions, said);
  show();
  if (!store.keeps) say("This browser keeps nothing for this site: all of it ends with the page.");
  store.watchAll(show, signal);
}

function button(words: string, act: () => void): HTMLButtonElement {
  const made = h("button", { type: "button", class: "cw-button" }, [words]);
  made.addEventListener("click", act);
  return made;
}

function tableOf(store: Store, runs: number): HTMLElement {
  const counts = new Map<Kind | "run", number>();
  if (runs > 0) counts.set("run", runs);
  for (const [{ kind }] of store.all()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const rows = NAMES.filter(([kind]) => counts.has(kind)).map(([kind, words]) =>
    h("tr", {}, [h("th", { scope: "row" }, [words]), h("td", {}, [String(counts.get(kind))])]),
  );
  if (rows.length === 0) return h("p", {}, ["Nothing is kept yet."]);
  return h("table", { class: "data" }, [h("tbody", {}, rows)]);
}

function download(store: Store): void {
  const now = new Date();
  const address = URL.createObjectURL(new Blob([fileOf(store, now)], { type: "application/json" }));
  const name = `${store.course}-${now.toISOString().slice(0, 10)}.json`;
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000); // once it is surely saved
}

async function read(
  field: HTMLInputElement,
  store: Store,
  say: (words: string) => void,
): Promise<void> {
  const file = field.files?.[0];
  if (!file) return;
  try {
    if (file.size > MOST_BYTES) throw new BadFile("This file is too large to be one of this site.");
    const records = recordsIn(await file.text(), store.course);
    const added = store.add(records);
    await store.settled();
    const rest = records.size - added;
    const known = rest > 0 ? ` ${rest} stood here already, as new or newer.` : "";
    say(`${added} of the file’s ${records.size} entries were taken in.${known}`);
  } catch (error) {
    const why = error instanceof BadFile ? error.message : "This file could not be read.";
    say(`${why} Nothing was changed.`);
  }
  field.value = ""; // the same file may be chosen again
}

/** Asks in place before everything goes. */
function confirm(
  asked: HTMLButtonElement,
  clear: () => Promise<void>,
  say: (words: string) => void,
): void {
  const end = (words: string) => {
    box.remove();
    asked.hidden = false;
    say(words);
    asked.focus();
  };
  const sure = button("Yes, delete it", () => {
    void clear().then(() => end("Everything was deleted from this browser."));
  });
  const keep = button("Keep it", () => end("Nothing was deleted."));
  const words = "Delete everything this course keeps in this browser? It cannot be brought back.";
  const question = h("p", { tabindex: "-1" }, [words]);
  const box = h("div", { class: "cw-panel", role: "group", "aria-label": words }, [
    question,
    h("div", { class: "cw-actions" }, [keep, sure]),
  ]);
  asked.hidden = true;
  asked.parentElement?.after(box);
  question.focus();
}
