/** What a page says of its task to explain: read once from the element that the build has filled. */

import { addressIn, h } from "../dom.js";
import type { Task } from "./grade.js";
import type { Checklist } from "./here.js";
import type { Recipient } from "./kept.js";

export interface Lesson {
  root: HTMLElement;
  course: string;
  lesson: string;
  sha: string;
  task: Task;
  checklist: Checklist;
  /** How much Python is, if it has to be loaded. */
  bytes: number;
  /** Who grades besides the checklist; and a page about that. */
  grader: (Recipient & { about: string }) | null;
  /** What becomes visible after an attempt: the model answer, and the question that follows. */
  model: HTMLElement;
  followUp: HTMLElement;
}

export function lessonIn(root: HTMLElement): Lesson | null {
  const model = root.querySelector<HTMLElement>(":scope > .cw-model");
  const followUp = root.querySelector<HTMLElement>(":scope > .cw-think");
  if (!model || !followUp) return null;
  const { course = "", lesson = "", sha = "", rubric = "", bytes } = root.dataset;
  return {
    root,
    course,
    lesson,
    sha,
    task: taskIn(root),
    checklist: {
      rubric: new URL(rubric, document.baseURI),
      sha,
      runtime: addressIn(root, "runtime"),
    },
    bytes: Number(bytes),
    grader: graderIn(root.dataset),
    model,
    followUp,
  };
}

function taskIn(root: HTMLElement): Task {
  const items = root.querySelectorAll<HTMLElement>(".cw-expected [data-id]");
  const ideas = root.querySelectorAll<HTMLElement>(".cw-ideas [data-id]");
  return {
    criteria: Array.from(items, ({ dataset }) => ({
      id: dataset["id"] ?? "",
      points: Number(dataset["points"]),
    })),
    ideas: Array.from(ideas, ({ dataset }) => dataset["id"] ?? ""),
  };
}

function graderIn(told: DOMStringMap): Lesson["grader"] {
  const { grader: endpoint, operator, passesTo = "", about = "" } = told;
  return endpoint && operator ? { endpoint, operator, passesTo, about } : null;
}

/** A criterion as graders have it: text alone. */
export function criterionText({ root }: Lesson, id: string): string {
  return root.querySelector<HTMLElement>(`.cw-expected [data-id="${id}"]`)?.dataset["text"] ?? "";
}

/** A criterion in the author's words, formulas and all. */
export function criterionWords({ root }: Lesson, id: string): HTMLElement {
  return copied(root.querySelector(`.cw-expected [data-id="${id}"] > span`));
}

/** A wrong idea, or what is right instead; nothing if the author has not written that. */
export function ideaWords({ root }: Lesson, id: string, what: "says" | "instead"): HTMLElement {
  return copied(root.querySelector(`.cw-ideas [data-id="${id}"] > .cw-${what}`));
}

/** The model answer, to be shown where it is needed. */
export function modelAnswer({ model }: Lesson): HTMLElement {
  const details = model.querySelector("details");
  const parts = Array.from(details?.childNodes ?? []).slice(1); // after the summary
  return h(
    "div",
    {},
    parts.map((part) => part.cloneNode(true)),
  );
}

function copied(from: Element | null): HTMLElement {
  const nodes = Array.from(from?.childNodes ?? [], (node) => node.cloneNode(true));
  return h("span", {}, nodes as (Node | string)[]);
}
