/** <cw-data>: what this browser keeps of the course's reader; to save, to load, to delete. */

import { h } from "../dom.js";
import type { Kind } from "./kinds.js";
import { storeOf } from "./page.js";
import { Runs } from "./runs.js";
import type { Store } from "./store.js";
import { BadFile, fileOf, MOST_BYTES, recordsIn } from "./transfer.js";
import { say, words } from "../say.js";

type Row = Kind | "run";
const ROWS: Row[] = ["done", "answer", "code", "draft", "card", "place", "run", "grader"];

export async function data(root: HTMLElement, signal: AbortSignal): Promise<void> {
  const course = root.dataset["course"] ?? "";
  const store = await storeOf(course);
  const runs = new Runs(course);
  let kept = await runs.count();
  if (signal.aborted) return;
  const table = h("div", { class: "cw-table" });
  const said = h("p", { role: "status", class: "cw-data-said", tabindex: "-1" });
  const tell = (words: string) => (said.textContent = words);
  const field = h("input", { type: "file", accept: ".json,application/json", hidden: "" });
  const save = button(say("data.save"), () => download(store));
  const load = button(say("data.load"), () => field.click());
  const clear = async () => {
    store.clear();
    await runs.clear();
    kept = await runs.count();
    show();
  };
  const forget = button(say("data.delete"), () => confirm(forget, clear, tell));
  field.addEventListener("change", () => void read(field, store, tell), { signal });
  const actions = h("div", { class: "cw-actions" }, [save, load, field, forget]);
  const show = () => {
    table.replaceChildren(tableOf(store, kept));
    save.disabled = store.all().next().done === true;
    forget.disabled = save.disabled && kept === 0;
  };
  root.replaceChildren(table, actions, said);
  show();
  if (!store.keeps) tell(say("data.keeps-nothing"));
  store.watchAll(show, signal);
}

function button(words: string, act: () => void): HTMLButtonElement {
  const made = h("button", { type: "button", class: "cw-button" }, [words]);
  made.addEventListener("click", act);
  return made;
}

function tableOf(store: Store, runs: number): HTMLElement {
  const counts = new Map<Row, number>();
  if (runs > 0) counts.set("run", runs);
  for (const [{ kind }] of store.all()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const rows = ROWS.filter((kind) => counts.has(kind)).map((kind) => {
    const count = words.decimal(counts.get(kind) ?? 0, 0);
    return h("tr", {}, [h("th", { scope: "row" }, [say(`data.${kind}`)]), h("td", {}, [count])]);
  });
  if (rows.length === 0) return h("p", {}, [say("data.nothing")]);
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
  tell: (words: string) => void,
): Promise<void> {
  const file = field.files?.[0];
  if (!file) return;
  try {
    if (file.size > MOST_BYTES) throw new BadFile(say("data.too-large"));
    const records = recordsIn(await file.text(), store.course);
    const added = store.add(records);
    await store.settled();
    const rest = records.size - added;
    const counts = { added, of: records.size, rest };
    tell(say(rest > 0 ? "data.added-known" : "data.added", counts));
  } catch (error) {
    const why = error instanceof BadFile ? error.message : say("data.unreadable");
    tell(say("data.refused", { why }));
  }
  field.value = ""; // the same file may be chosen again
}

/** Asks in place before everything goes. */
function confirm(
  asked: HTMLButtonElement,
  clear: () => Promise<void>,
  tell: (words: string) => void,
): void {
  const end = (words: string) => {
    box.remove();
    asked.hidden = false;
    tell(words);
    asked.focus();
  };
  const sure = button(say("data.delete-yes"), () => {
    void clear().then(() => end(say("data.deleted")));
  });
  const keep = button(say("data.delete-no"), () => end(say("data.not-deleted")));
  const sureOf = say("data.delete-sure");
  const question = h("p", { tabindex: "-1" }, [sureOf]);
  const box = h("div", { class: "cw-panel", role: "group", "aria-label": sureOf }, [
    question,
    h("div", { class: "cw-actions" }, [keep, sure]),
  ]);
  asked.hidden = true;
  asked.parentElement?.after(box);
  question.focus();
}
