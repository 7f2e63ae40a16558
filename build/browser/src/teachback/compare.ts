/** Two attempts side by side: scores and verdicts, then and now. */

import { h } from "../dom.js";
import { OUT_OF, type Verdict } from "./grade.js";
import { criterionWords, type Lesson } from "./lesson.js";
import { VERDICTS, verdictSign } from "./result.js";
import type { Attempt } from "./kept.js";

export function comparison(lesson: Lesson, before: Attempt, now: Attempt): HTMLElement {
  const head = h("tr", {}, [h("td"), ...["Before", "Now"].map(columnHead)]);
  const scores = [before, now].map(({ score }) => cell(`${score} out of ${OUT_OF}`));
  const rows = [
    h("tr", {}, [rowHead("Score"), ...scores]),
    ...lesson.task.criteria.map(({ id }) => {
      const verdicts = [before, now].map(({ verdicts }) => verdicts[id] ?? "cannot_assess");
      return h("tr", {}, [rowHead(criterionWords(lesson, id)), ...verdicts.map(verdictCell)]);
    }),
  ];
  if (before.ideas.length + now.ideas.length > 0) {
    const counts = [before, now].map(({ ideas }) => cell(String(ideas.length)));
    rows.push(h("tr", {}, [rowHead("Wrong ideas"), ...counts]));
  }
  const caption = h("caption", {}, [difference(before, now)]);
  const table = h("table", { class: "data" }, [
    caption,
    h("thead", {}, [head]),
    h("tbody", {}, rows),
  ]);
  return h("div", { class: "cw-table cw-attempts" }, [table]);
}

/** What has changed, in words; attempts that were marked in different ways are hard to compare. */
function difference(before: Attempt, now: Attempt): string {
  const more = now.score - before.score;
  const points = `${Math.abs(more)} point${Math.abs(more) === 1 ? "" : "s"}`;
  const words = more === 0 ? "The same score as before" : `${points} ${more > 0 ? "more" : "less"}`;
  return before.by === now.by ? `${words}.` : `${words}, marked in another way.`;
}

const columnHead = (words: string) => h("th", { scope: "col" }, [words]);
const rowHead = (words: Node | string) => h("th", { scope: "row" }, [words]);
const cell = (words: string) => h("td", {}, [words]);
const verdictCell = (verdict: Verdict) =>
  h("td", { "data-verdict": verdict }, [verdictSign(verdict), ` ${VERDICTS[verdict].words}`]);
