/** What stands below the text: where it goes, the question before it is sent, what went wrong. */

import { h } from "../dom.js";
import { type Choice, choices, heading, quiet } from "./form.js";
import type { Lesson } from "./lesson.js";
import { megabytes, say, sayAround } from "../say.js";

const host = (endpoint: string) => new URL(endpoint).host;

export interface Ways {
  grade: () => void;
  here: () => void;
  yourself: () => void;
  withdraw: () => void;
}

/** The buttons, and in a line below them what they do with the text. */
export function ways(lesson: Lesson, agreed: boolean, act: Ways): HTMLElement[] {
  const { grader, bytes } = lesson;
  const yourself = { label: say("teach.yourself"), act: act.yourself };
  const here = { label: say("teach.here"), act: act.here };
  const size = { megabytes: megabytes(bytes) };
  if (!grader) {
    const check = { label: say("teach.check"), act: act.here };
    return [choices(check, yourself), where(say("teach.where-here", size))];
  }
  const row = choices({ label: say("teach.grade"), act: act.grade }, here, yourself);
  const { operator, endpoint } = grader;
  if (!agreed) return [row, where(say("teach.where-asked", { operator, ...size }))];
  const stop = quiet({ label: say("teach.stop-sending"), act: act.withdraw });
  const told = { host: host(endpoint), operator, stop, ...size };
  return [row, where(...sayAround("teach.where-sent", told))];
}

const where = (...words: (Node | string)[]) => h("p", { class: "cw-where" }, words);

/** Asked once for a course, before anything leaves the device. */
export function consent(
  { grader, bytes }: Lesson,
  act: { send: () => void; here: () => void; cancel: () => void },
): HTMLElement {
  const { endpoint, operator, passesTo, about } = grader!;
  const strong = (name: string) => h("strong", {}, [name]);
  const to = { host: strong(host(endpoint)), operator: strong(operator) };
  const going = passesTo
    ? sayAround("teach.send-on", { ...to, company: strong(passesTo) })
    : sayAround("teach.send-to", to);
  const facts = [h("p", {}, going), h("p", {}, [say("teach.send-private")])];
  if (about) {
    const link = h("a", { href: about, rel: "noopener noreferrer" }, [say("teach.send-about")]);
    facts.push(h("p", {}, [link]));
  }
  const row = choices(
    { label: say("teach.send-agree"), act: act.send },
    { label: say("teach.here-instead"), act: act.here },
    { label: say("teach.cancel"), act: act.cancel },
  );
  const size = where(say("teach.send-size", { megabytes: megabytes(bytes) }));
  const title = say("teach.send-title");
  return h("section", { class: "cw-panel", "aria-label": title }, [
    heading(title),
    ...facts,
    row,
    size,
  ]);
}

/** What to do when no grade came: the text is safe, and marking needs nothing that could fail. */
export function failed(words: string, ...offered: [Choice, ...Choice[]]): HTMLElement {
  const told = h("p", {}, [h("strong", {}, [say("teach.no-grade")]), ` ${words}`]);
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
