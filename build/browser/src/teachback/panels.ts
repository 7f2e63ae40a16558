/** What stands below the text: where it goes, the question before it is sent, what went wrong. */

import { h } from "../dom.js";
import { megabytes } from "../words.js";
import { type Choice, choices, heading, quiet } from "./form.js";
import type { Lesson } from "./lesson.js";

export const HERE = "Use the checklist on this device";
export const YOURSELF = "Mark it yourself";

const host = (endpoint: string) => new URL(endpoint).host;
const loads = (bytes: number) => `Python loads for it once, ${megabytes(bytes)} MB`;

export interface Ways {
  grade: () => void;
  here: () => void;
  yourself: () => void;
  withdraw: () => void;
}

/** The buttons, and in a line below them what they do with the text. */
export function ways(lesson: Lesson, agreed: boolean, act: Ways): HTMLElement[] {
  const { grader, bytes } = lesson;
  const yourself = { label: YOURSELF, act: act.yourself };
  const here = { label: HERE, act: act.here };
  if (!grader) {
    const words = `A checklist looks at it on this device, in English; nothing is sent. ${loads(bytes)}.`;
    return [choices({ label: "Check my explanation", act: act.here }, yourself), where(words)];
  }
  const row = choices({ label: "Have it graded", act: act.grade }, here, yourself);
  const spare = `The checklist knows English, and sends nothing (${loads(bytes)}).`;
  if (!agreed) {
    const words = `A language model run by ${grader.operator} grades it, once you agree. ${spare}`;
    return [row, where(words)];
  }
  const words = `It is sent to ${host(grader.endpoint)}, run by ${grader.operator}. `;
  return [row, where(words, quiet({ label: "Stop sending", act: act.withdraw }), `. ${spare}`)];
}

const where = (...words: (Node | string)[]) => h("p", { class: "cw-where" }, words);

/** Asked once for a course, before anything leaves the device. */
export function consent(
  { grader, bytes }: Lesson,
  act: { send: () => void; here: () => void; cancel: () => void },
): HTMLElement {
  const { endpoint, operator, passesTo, about } = grader!;
  const onwards = passesTo
    ? [
        "; there it is handed on to ",
        h("strong", {}, [passesTo]),
        ", whose language model grades it",
      ]
    : [", where a language model grades it"];
  const facts = [
    h("p", {}, [
      "Your explanation would go to ",
      h("strong", {}, [host(endpoint)]),
      ", run by ",
      h("strong", {}, [operator]),
      ...onwards,
      ". With it go the names of the course and the lesson, and no cookies. " +
        "As with any website, whoever runs it can see your network address.",
    ]),
    h("p", {}, [
      "Put nothing in it that should stay private. This browser remembers your answer for the " +
        "whole course, and you can take it back below the form.",
    ]),
  ];
  if (about) {
    const link = h("a", { href: about, rel: "noopener noreferrer" }, ["About this grader"]);
    facts.push(h("p", {}, [link]));
  }
  const row = choices(
    { label: "Agree and send", act: act.send },
    { label: `${HERE} instead`, act: act.here },
    { label: "Cancel", act: act.cancel },
  );
  const size = where(`The checklist sends nothing. ${loads(bytes)}.`);
  const title = heading("Send your explanation?");
  return h("section", { class: "cw-panel", "aria-label": "Send your explanation?" }, [
    title,
    ...facts,
    row,
    size,
  ]);
}

/** What to do when no grade came: the text is safe, and marking needs nothing that could fail. */
export function failed(words: string, ...offered: [Choice, ...Choice[]]): HTMLElement {
  const told = h("p", {}, [h("strong", {}, ["No grade this time."]), ` ${words}`]);
  return h("div", { class: "cw-error", role: "alert" }, [told, choices(...offered)]);
}

/** A line that says what goes on: words are announced, numbers that change are only seen. */
export class Progress {
  readonly #said = h("span");
  readonly #shown = h("span", { "aria-hidden": "true" });
  readonly element = h("p", { class: "cw-progress", role: "status" }, [this.#said, this.#shown]);

  say(said: string, shown = ""): void {
    if (this.#said.textContent !== said) this.#said.textContent = said;
    if (this.#shown.textContent !== shown) this.#shown.textContent = shown;
  }
}
