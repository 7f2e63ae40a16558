/**
 * <cw-question>: a question of the quiz, or a prediction to commit to. The page holds it complete,
 * its answer folded below; this checks what the reader answers and says why.
 */

import { h } from "./dom.js";
import { moveable } from "./order.js";
import { type Verdict, judge, judgeNumber, judgeOrder } from "./verdict.js";

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

  const predicts = root.dataset["kind"] === "predict";
  const verdict = h("p", { class: "cw-verdict", role: "status" });
  const button = h("button", { type: "button", class: "cw-button" }, [
    predicts ? "Commit" : "Check",
  ]);
  const actions = h("div", { class: "cw-actions" }, [button, verdict]);
  answer.before(actions);
  signal.addEventListener("abort", () => actions.remove());

  const check = () => {
    const said = verdictOf(parts);
    verdict.textContent = predicts ? comparison(said) : said.words;
    verdict.dataset["is"] = said.is;
    if (said.is === "unanswered") return;
    if (predicts) commit(parts, button, verdict);
    else explain(parts);
    if (said.is === "right" || predicts) answer.open = true;
  };
  button.addEventListener("click", check, { signal });
  fields.addEventListener("input", () => clear(parts, verdict), { signal });
  fields.addEventListener(
    "keydown",
    (event) => {
      const typed = event.target instanceof HTMLInputElement && event.target.type === "text";
      if (event.key === "Enter" && typed) check();
    },
    { signal },
  );
}

function verdictOf({ root, fields, right }: Parts): Verdict {
  const kind = root.dataset["kind"];
  if (kind === "numeric") {
    return judgeNumber(fields.querySelector("input")?.value ?? "", right[0] ?? 0, right[1] ?? 0);
  }
  if (kind === "order") {
    const items = fields.querySelectorAll<HTMLElement>("[data-item]");
    return judgeOrder(Array.from(items, (item) => Number(item.dataset["item"])));
  }
  return judge(chosen(fields), right, kind === "multi");
}

function chosen(fields: Element): number[] {
  const inputs = fields.querySelectorAll<HTMLInputElement>("input:checked");
  return Array.from(inputs, (input) => Number(input.value));
}

/** A prediction is not marked: it is compared. */
function comparison(said: Verdict): string {
  if (said.is === "unanswered") return said.words;
  return said.is === "right" ? "As you said." : "Something else happens.";
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

/** Another answer is being made: what was said of the last one is not about it. */
function clear({ fields }: Parts, verdict: HTMLElement): void {
  for (const said of fields.querySelectorAll(".cw-said")) said.remove();
  verdict.textContent = "";
  delete verdict.dataset["is"];
}

/** A prediction is made once; then what was guessed and what happens stand side by side. */
function commit(parts: Parts, button: HTMLElement, verdict: HTMLElement): void {
  const words = (index: number | undefined) =>
    parts.fields.querySelectorAll(".cw-option > span")[index ?? -1]?.cloneNode(true) ?? "";
  const [guess] = chosen(parts.fields);
  const pair = h("dl", { class: "cw-compared" }, [
    h("dt", {}, ["You said"]),
    h("dd", {}, [words(guess)]),
    h("dt", {}, ["It is"]),
    h("dd", {}, [words(parts.right[0])]),
  ]);
  parts.fields.disabled = true;
  button.hidden = true;
  verdict.after(pair);
}
