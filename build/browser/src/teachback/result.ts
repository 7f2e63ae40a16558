/** A grade as the reader sees it: the band, one next step, their own words, criterion by criterion. */

import { h } from "../dom.js";
import { heading } from "./form.js";
import { band, type Grade, type Judged, OUT_OF, type Verdict } from "./grade.js";
import { criterionText, criterionWords, ideaWords, type Lesson } from "./lesson.js";
import { pieces, type Quote } from "./marks.js";
import { say } from "../say.js";

const SIGNS: Record<Verdict, string> = { met: "●", partly: "◐", missed: "○", cannot_assess: "–" };

const EARNED: Record<Verdict, number> = { met: 1, partly: 0.5, missed: 0, cannot_assess: 0 };
const FIRST_LETTER = 97;

const numberOf = (i: number) => String(i + 1);
const letterOf = (i: number) => String.fromCharCode(FIRST_LETTER + i);

/** The parts of a result, the heading first. `reason` says why it is not the grader's. */
export function resultParts(
  lesson: Lesson,
  answer: string,
  grade: Grade,
  reason: string,
): HTMLElement[] {
  const { score, nextStep } = grade;
  const title = heading(
    h("span", { class: "cw-band" }, [band(score)]),
    " ",
    h("span", { class: "cw-score" }, [say("teach.score", { score, of: OUT_OF })]),
  );
  const parts = [title, scale(score)];
  if (reason) parts.push(h("p", { class: "cw-reason" }, [reason]));
  if (nextStep) parts.push(next(nextStep));
  parts.push(answerOf(answer, grade));
  if (grade.misconceptions.length > 0) parts.push(wrongIdeas(lesson, grade));
  parts.push(criteria(lesson, grade), h("p", { class: "cw-by" }, [madeBy(grade.by)]));
  return parts;
}

/** Ten marks, as many of them filled as there are points; the heading says it in words. */
function scale(score: number): HTMLElement {
  const marks = Array.from({ length: OUT_OF }, (_, i) => h("i", i < score ? { class: "on" } : {}));
  return h("div", { class: "cw-rail cw-scale", "aria-hidden": "true" }, marks);
}

export const next = (step: string) =>
  h("p", { class: "cw-next" }, [h("strong", {}, [say("teach.next")]), step]);

/** The learner's text as they wrote it, with marks: what counted, and what speaks against it. */
function answerOf(answer: string, { criteria, misconceptions }: Grade): HTMLElement {
  const quotes: Quote[] = [
    ...criteria.map(({ quote }, i) => ({ text: quote, mark: numberOf(i) })),
    ...misconceptions.map(({ quote }, i) => ({ text: quote, mark: letterOf(i) })),
  ];
  const earned = criteria.map(({ verdict }, i) => (EARNED[verdict] ? numberOf(i) : ""));
  const counted = new Set(earned);
  const content = pieces(answer, quotes).flatMap(({ text, marks, ends }): (Node | string)[] => {
    if (marks.length === 0) return [text];
    const wrong = marks.some((mark) => !counted.has(mark));
    const marked = h("mark", wrong ? { class: "cw-wrong" } : {}, [text]);
    return ends.length > 0 ? [marked, h("sup", {}, [ends.join(", ")])] : [marked];
  });
  return h("blockquote", { class: "cw-answered", "aria-label": say("teach.label") }, content);
}

function wrongIdeas(lesson: Lesson, { misconceptions }: Grade): HTMLElement {
  const items = misconceptions.map(({ id }, i) =>
    h("li", {}, [
      h("span", { class: "cw-key" }, [letterOf(i)]),
      h("div", {}, [
        h("p", {}, [h("strong", {}, [say("teach.not-so")]), ideaWords(lesson, id, "says")]),
        h("p", {}, [ideaWords(lesson, id, "instead")]),
      ]),
    ]),
  );
  const label = h("p", { class: "cw-label" }, [say("teach.wrong-ideas")]);
  return h("div", { class: "cw-callout cw-misconception" }, [label, h("ul", {}, items)]);
}

function criteria(lesson: Lesson, grade: Grade): HTMLElement {
  const points = new Map(lesson.task.criteria.map((each) => [each.id, each.points]));
  const items = grade.criteria.map((each, i) => {
    const worth = points.get(each.id) ?? 0;
    const earned = say("teach.points", { earned: worth * EARNED[each.verdict], of: worth });
    return h("li", { "data-verdict": each.verdict }, [
      verdictSign(each.verdict),
      h("div", {}, [
        h("span", { class: "cw-key" }, [numberOf(i)]),
        " ",
        h("strong", {}, [verdictWords(each.verdict)]),
        ": ",
        criterionWords(lesson, each.id),
        ...feedbackOn(each, lesson),
      ]),
      h("span", { class: "cw-points" }, [earned]),
    ]);
  });
  return h("ol", { class: "cw-judged", "aria-label": say("teach.criteria") }, items);
}

export const verdictSign = (verdict: Verdict) =>
  h("span", { class: "cw-sign", "aria-hidden": "true" }, [SIGNS[verdict]]);

export const verdictWords = (verdict: Verdict) =>
  say(verdict === "cannot_assess" ? "teach.cannot-assess" : `teach.${verdict}`);

/** What was said of a criterion, without the criterion itself, which stands above it. */
function feedbackOn({ id, feedback }: Judged, lesson: Lesson): HTMLElement[] {
  const words = without(feedback, criterionText(lesson, id));
  return words ? [h("p", { class: "cw-feedback" }, [words])] : [];
}

/** "Not found yet: The loss is a number." is "Not found yet." beside the criterion. */
export function without(feedback: string, criterion: string): string {
  if (!criterion || !feedback.endsWith(criterion)) return feedback;
  const before = feedback.slice(0, -criterion.length).trim();
  return before.endsWith(":") ? `${before.slice(0, -1)}.` : before;
}

/** Who graded, and what that is worth. */
export function madeBy({ kind, name, note }: Grade["by"]): string {
  if (kind === "self") return say("teach.by-self");
  if (kind === "checklist") return note || say("teach.by-checklist");
  const trust = say("teach.by-model", { name: name || say("teach.a-model") });
  const more = /can be wrong/i.test(note) ? "" : note; // a service may say it too
  return [trust, more].filter(Boolean).join(" ");
}
