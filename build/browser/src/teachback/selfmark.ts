/** Marking one's own explanation beside the model answer. Needs no Python and no connection. */

import { h } from "../dom.js";
import { choices, heading } from "./form.js";
import { type Grade, type Judged, scoreOf } from "./grade.js";
import { criterionText, criterionWords, ideaWords, type Lesson, modelAnswer } from "./lesson.js";
import { verdictWords } from "./result.js";
import { say } from "../say.js";

const OFFERED = ["met", "partly", "missed"] as const;
const IDEA = "teach_back_idea"; // the name of the boxes to tick

interface Acts {
  done: (grade: Grade) => void;
  back: () => void;
}

export function selfMarking(lesson: Lesson, answer: string, acts: Acts): HTMLElement {
  const said = h("p", { class: "cw-progress", role: "status" });
  const finish = () => {
    const grade = marked(lesson, form);
    if (grade) return acts.done(grade);
    const left = lesson.task.criteria.filter(({ id }) => !chosen(form, id)).length;
    said.textContent = say("teach.unmarked", { count: left });
    form.querySelector<HTMLElement>("fieldset:not(:has(:checked)) input")?.focus();
  };
  const buttons = choices(
    { label: say("teach.show-score"), act: finish },
    { label: say("teach.back"), act: acts.back },
  );
  const form = h("section", { class: "cw-self", "aria-label": say("teach.yourself") }, [
    heading(say("teach.yourself")),
    beside(say("teach.label"), h("p", { class: "cw-answered" }, [answer])),
    beside(say("teach.model"), modelAnswer(lesson)),
    h("p", {}, [say("teach.says-same")]),
    ...lesson.task.criteria.map(({ id }) => criterion(lesson, id)),
    ...(lesson.task.ideas.length > 0 ? [ideas(lesson)] : []),
    buttons,
    said,
  ]);
  return form;
}

const beside = (words: string, content: HTMLElement) =>
  h("div", { class: "cw-beside" }, [h("p", { class: "cw-label" }, [words]), content]);

function criterion(lesson: Lesson, id: string): HTMLElement {
  const options = OFFERED.map((verdict) => {
    const attributes = { type: "radio", name: nameOf(id), value: verdict, autocomplete: "off" };
    return h("label", { class: "cw-option" }, [
      h("input", attributes),
      h("span", {}, [verdictWords(verdict)]),
    ]);
  });
  return h("fieldset", { class: "cw-mark" }, [
    h("legend", {}, [criterionWords(lesson, id)]),
    h("div", { class: "cw-mark-options" }, options),
  ]);
}

/** Wrong ideas cost points here as well. */
function ideas(lesson: Lesson): HTMLElement {
  const options = lesson.task.ideas.map((id) =>
    h("label", { class: "cw-option" }, [
      h("input", { type: "checkbox", name: IDEA, value: id, autocomplete: "off" }),
      h("span", {}, [ideaWords(lesson, id, "says")]),
    ]),
  );
  const legend = h("legend", {}, [say("teach.says-wrong")]);
  return h("fieldset", { class: "cw-mark cw-mark-ideas" }, [legend, ...options]);
}

/** The grade that the marks make, or null while one is missing. */
function marked(lesson: Lesson, form: HTMLElement): Grade | null {
  const { task } = lesson;
  const criteria = task.criteria.flatMap(({ id }): Judged[] => {
    const verdict = OFFERED.find((each) => each === chosen(form, id));
    return verdict ? [{ id, verdict, quote: "", feedback: "" }] : [];
  });
  if (criteria.length < task.criteria.length) return null;
  const boxes = form.querySelectorAll<HTMLInputElement>(`input[name="${IDEA}"]:checked`);
  const misconceptions = Array.from(boxes, ({ value }) => ({ id: value, quote: "" }));
  const score = scoreOf(task.criteria, criteria, misconceptions.length);
  const nextStep = nextOf(lesson, criteria, misconceptions);
  return { score, criteria, misconceptions, nextStep, by: { kind: "self", name: "", note: "" } };
}

/** What to mend first: a wrong idea, else what is missing, else what is half there. */
function nextOf(lesson: Lesson, judged: Judged[], wrong: Grade["misconceptions"]): string {
  if (wrong.length > 0) return say("teach.put-right");
  const gap = OFFERED.toReversed()
    .filter((verdict) => verdict !== "met")
    .flatMap((verdict) => judged.filter((each) => each.verdict === verdict))[0];
  const words = gap && criterionText(lesson, gap.id);
  return words ? say("teach.add", { criterion: words }) : say("teach.to-somebody");
}

const nameOf = (id: string) => `teach_back_mark_${id}`;

const chosen = (form: HTMLElement, id: string) =>
  form.querySelector<HTMLInputElement>(`input[name="${nameOf(id)}"]:checked`)?.value;
