/** Two attempts side by side: scores and verdicts, then and now. */

import { h } from "../dom.js";
import { OUT_OF, type Verdict } from "./grade.js";
import { criterionWords, type Lesson } from "./lesson.js";
import { verdictSign, verdictWords } from "./result.js";
import type { Attempt } from "./kept.js";
import { say } from "../say.js";

export function comparison(lesson: Lesson, before: Attempt, now: Attempt): HTMLElement {
  const head = h("tr", {}, [h("td"), ...[say("teach.before"), say("teach.now")].map(columnHead)]);
  const scores = [before, now].map(({ score }) => cell(say("teach.score", { score, of: OUT_OF })));
  const rows = [
    h("tr", {}, [rowHead(say("teach.score-row")), ...scores]),
    ...lesson.task.criteria.map(({ id }) => {
      const verdicts = [before, now].map(({ verdicts }) => verdicts[id] ?? "cannot_assess");
      return h("tr", {}, [rowHead(criterionWords(lesson, id)), ...verdicts.map(verdictCell)]);
    }),
  ];
  if (before.ideas.length + now.ideas.length > 0) {
    const counts = [before, now].map(({ ideas }) => cell(String(ideas.length)));
    rows.push(h("tr", {}, [rowHead(say("teach.ideas-row")), ...counts]));
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
  const count = Math.abs(more);
  const points = say(more > 0 ? "teach.more" : "teach.less", { count });
  const difference = more === 0 ? say("teach.same-score") : points;
  const same = before.by === now.by;
  return say(same ? "teach.difference" : "teach.difference-other-way", { difference });
}

const columnHead = (words: string) => h("th", { scope: "col" }, [words]);
const rowHead = (words: Node | string) => h("th", { scope: "row" }, [words]);
const cell = (words: string) => h("td", {}, [words]);
const verdictCell = (verdict: Verdict) =>
  h("td", { "data-verdict": verdict }, [verdictSign(verdict), ` ${verdictWords(verdict)}`]);
