/**
 * <cw-question>: a question of the quiz, or a prediction to commit to. The page holds it complete,
 * its answer folded below; this checks what the reader answers and says why.
 */

import { h } from "./dom.js";
import { moveable, reorder } from "./order.js";
import { did, withStore } from "./state/here.js";
import { type Verdict, judge, judgeNumber, judgeOrder } from "./verdict.js";
import { say } from "./say.js";

interface Parts {
  root: HTMLElement;
  fields: HTMLFieldSetElement;
  answer: HTMLDetailsElement;
  right: number[];
}

export function enhanceQuestion(root: HTMLElement, signal: AbortSignal): void {
  const fields = root.querySelector<HTMLFieldSetElement>(".cw-options");
  const answer = root.querySelector<HTMLDetailsElement>(".cw-answer");
  if (!fields || !answer) return;
  const right = JSON.parse(root.dataset["answer"] ?? "[]") as number[];
  const parts: Parts = { root, fields, answer, right };
  const list = fields.querySelector<HTMLElement>(".cw-order");
  if (list) moveable(list, signal);
  fields.disabled = false;

  const question = new Question(parts);
  signal.addEventListener("abort", () => question.actions.remove());
  const asked = new Asked(question, signal);
  withStore(root, (store, page) => asked.keptBy(page.keepAnswer(store, question, signal)), signal);
}

/** A question with its button, and what is said of the answer. */
class Question {
  readonly root: HTMLElement;
  readonly predicts: boolean;
  readonly verdict = h("p", { class: "cw-verdict", role: "status" });
  readonly button: HTMLButtonElement;
  readonly again = h("button", { type: "button", class: "cw-button cw-quiet" }, [
    say("quiz.again"),
  ]);
  readonly actions: HTMLElement;

  constructor(readonly parts: Parts) {
    this.root = parts.root;
    this.predicts = this.root.dataset["kind"] === "predict";
    const name = say(this.predicts ? "predict.commit" : "quiz.check");
    this.button = h("button", { type: "button", class: "cw-button" }, [name]);
    this.again.hidden = true;
    this.actions = h("div", { class: "cw-actions" }, [this.button, this.again, this.verdict]);
    parts.answer.before(this.actions);
  }

  readonly given = (): number[] | string => {
    const { fields } = this.parts;
    const kind = this.root.dataset["kind"];
    if (kind === "numeric") return fields.querySelector("input")?.value ?? "";
    return kind === "order" ? placed(fields) : chosen(fields);
  };

  /** An answer that was given before stands there again, with what was said of it. */
  readonly set = (given: number[] | string | null): void => {
    this.clear();
    fill(this.parts.fields, given ?? []);
    if (given !== null) this.judge();
  };

  /** Says what there is to say of the answer; whether there is one. */
  judge(): boolean {
    const { parts, verdict } = this;
    const said = verdictOf(parts);
    verdict.textContent = this.predicts ? comparison(said) : said.words;
    verdict.dataset["is"] = said.is;
    if (said.is === "unanswered") return false;
    if (this.predicts) commit(parts, this.button, verdict);
    else explain(parts);
    this.again.hidden = this.predicts;
    return true;
  }

  /** Another answer is being made: what was said of the last one is not about it. */
  clear(): void {
    const { fields, answer } = this.parts;
    for (const said of fields.querySelectorAll(".cw-said")) said.remove();
    this.actions.querySelector(".cw-compared")?.remove();
    this.verdict.textContent = "";
    delete this.verdict.dataset["is"];
    this.again.hidden = true;
    fields.disabled = this.button.hidden = answer.open = false;
  }
}

/** The reader at a question. */
class Asked {
  #keep: (answered: boolean) => void = () => undefined;
  #answered = false;

  constructor(
    private readonly question: Question,
    signal: AbortSignal,
  ) {
    const { button, again, parts } = question;
    button.addEventListener("click", () => this.#check(), { signal });
    again.addEventListener("click", () => this.#again(), { signal });
    parts.fields.addEventListener("input", () => question.clear(), { signal });
    const onKey = (event: KeyboardEvent) => {
      const typed = event.target instanceof HTMLInputElement && event.target.type === "text";
      if (event.key === "Enter" && typed) this.#check();
    };
    parts.fields.addEventListener("keydown", onKey, { signal });
  }

  /** What was answered before there was something to keep it is kept now. */
  keptBy(keep: (answered: boolean) => void): void {
    this.#keep = keep;
    if (this.#answered) keep(true);
  }

  #check(): void {
    const { question } = this;
    if (!question.judge()) return;
    const right = question.verdict.dataset["is"] === "right";
    if (right || question.predicts) question.parts.answer.open = true;
    this.#answered = true;
    this.#keep(true);
    did(question.root);
  }

  #again(): void {
    this.question.set(null);
    this.#answered = false;
    this.#keep(false);
    this.question.parts.fields.querySelector<HTMLElement>("input, button:enabled")?.focus();
  }
}

function verdictOf({ root, fields, right }: Parts): Verdict {
  const kind = root.dataset["kind"];
  if (kind === "numeric") {
    return judgeNumber(fields.querySelector("input")?.value ?? "", right[0] ?? 0, right[1] ?? 0);
  }
  if (kind === "order") {
    return judgeOrder(placed(fields));
  }
  return judge(chosen(fields), right, kind === "multi");
}

function chosen(fields: Element): number[] {
  const inputs = fields.querySelectorAll<HTMLInputElement>("input:checked");
  return Array.from(inputs, (input) => Number(input.value));
}

/** The items of a list to be put in order, by their right places. */
function placed(fields: Element): number[] {
  const items = fields.querySelectorAll<HTMLElement>("[data-item]");
  return Array.from(items, (item) => Number(item.dataset["item"]));
}

/** Sets what stands in the fields; with no numbers nothing is chosen, and an order stays. */
function fill(fields: Element, given: number[] | string): void {
  const numbers = typeof given === "string" ? [] : given;
  for (const input of fields.querySelectorAll("input")) {
    if (input.type === "text") input.value = typeof given === "string" ? given : "";
    else input.checked = numbers.includes(Number(input.value));
  }
  const list = fields.querySelector<HTMLElement>(".cw-order");
  if (list) reorder(list, numbers);
}

/** A prediction is not marked: it is compared. */
function comparison(said: Verdict): string {
  if (said.is === "unanswered") return said.words;
  return say(said.is === "right" ? "predict.as-said" : "predict.other");
}

/** Below each chosen option, why it is right or wrong: taken from the answer in the page. */
function explain({ root, fields }: Parts): void {
  const reasons = root.querySelectorAll(".cw-reasons > li");
  const options = fields.querySelectorAll(".cw-option");
  for (const index of chosen(fields)) {
    const why = reasons[index]?.querySelector(".cw-why")?.cloneNode(true);
    const option = options[index];
    if (!why || !option || option.nextElementSibling?.matches(".cw-said")) continue;
    const is = reasons[index]?.classList.contains("cw-right") ? "right" : "wrong";
    option.after(h("p", { class: "cw-said", "data-is": is }, [why]));
  }
}

/** A prediction is made once; then what was guessed and what happens stand side by side. */
function commit(parts: Parts, button: HTMLElement, verdict: HTMLElement): void {
  const words = (index: number | undefined) =>
    parts.fields.querySelectorAll(".cw-option > span")[index ?? -1]?.cloneNode(true) ?? "";
  const [guess] = chosen(parts.fields);
  const pair = h("dl", { class: "cw-compared" }, [
    h("dt", {}, [say("predict.you-said")]),
    h("dd", {}, [words(guess)]),
    h("dt", {}, [say("predict.it-is")]),
    h("dd", {}, [words(parts.right[0])]),
  ]);
  parts.fields.disabled = true;
  button.hidden = true;
  verdict.after(pair);
}
