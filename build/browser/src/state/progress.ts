/** <cw-lesson>: what is done in a lesson, by concept, and what is left at its end. Nothing is gated. */

import { h } from "../dom.js";
import { countIn, countOf, type Part, partsIn } from "./outline.js";
import { storeOf } from "./page.js";
import type { Store } from "./store.js";
import { say, sayAround } from "../say.js";

export async function progress(root: HTMLElement, signal: AbortSignal): Promise<void> {
  const { course = "", lesson = "" } = root.dataset;
  const all = JSON.parse(root.dataset["parts"] ?? "[]") as Part[];
  const store = await storeOf(course);
  if (signal.aborted) return;
  follow(store, lesson, all, signal);
  const parts = partsIn(root.dataset["parts"]);
  const marks = parts.map(() => h("span", { class: "cw-done" }));
  parts.forEach(({ id }, i) => above(id)?.append(marks[i]!));
  const total = h("li", { class: "cw-done" });
  const meta = document.querySelector("ul.cw-meta");
  meta?.append(total);
  let shown = "";
  const show = () => {
    // What is the same stays as it is: the focus may be in it.
    const counts = JSON.stringify(parts.map((part) => countIn(store, lesson, part).done));
    if (counts === shown) return;
    shown = counts;
    const { done, of } = countOf(store, { id: lesson, title: "", parts });
    total.textContent = done > 0 ? say("lesson.some-done", { done, of }) : "";
    total.hidden = done === 0;
    parts.forEach((part, i) => (marks[i]!.textContent = marked(store, lesson, part)));
    const opened = root.querySelector("details")?.open ?? false;
    root.replaceChildren(...left(store, lesson, parts));
    root.querySelector("details")?.toggleAttribute("open", opened);
  };
  show();
  store.watchAll(show, signal);
  signal.addEventListener("abort", () => {
    for (const made of [total, ...marks]) made.remove();
    root.replaceChildren();
  });
}

/** The line above a concept's heading: "Concept 2 of 5". */
function above(id: string): Element | null {
  const before = document.getElementById(id)?.previousElementSibling;
  return before?.querySelector(".cw-concept") ?? null;
}

function marked(store: Store, lesson: string, part: Part): string {
  const { done, of } = countIn(store, lesson, part);
  if (done === 0) return "";
  return ` · ${done === of ? say("lesson.done") : say("lesson.some-done", { done, of })}`;
}

/** What is left to do, folded; nothing before something is done. */
function left(store: Store, lesson: string, parts: Part[]): Node[] {
  const { done, of } = countOf(store, { id: lesson, title: "", parts });
  if (done === 0) return [];
  const data = h("a", { href: "../../your-data/" }, [say("lesson.data")]);
  const counts = { done: String(done), of: String(of) };
  const said = h("p", {}, sayAround("lesson.things-done", { ...counts, data }));
  if (done === of) return [said];
  const open = parts.flatMap((part) => {
    const count = countIn(store, lesson, part);
    const rest = count.of - count.done;
    const link = h("a", { href: `#${part.id}` }, [part.title]);
    return rest > 0
      ? [h("li", {}, [link, h("span", {}, [say("lesson.count-left", { count: rest })])])]
      : [];
  });
  return [said, h("details", { class: "cw-answer" }, [LEFT(), h("ul", {}, open)])];
}

const LEFT = () => h("summary", {}, [say("lesson.left")]);

/** Keeps which part the reader is at, to lead back to it. */
function follow(store: Store, lesson: string, parts: Part[], signal: AbortSignal): void {
  const watching = new IntersectionObserver(
    (entries) => {
      const last = entries.filter(({ isIntersecting }) => isIntersecting).at(-1);
      if (last) store.set(lesson, "", "place", last.target.id);
    },
    { rootMargin: "0px 0px -50% 0px" },
  );
  for (const { id } of parts) {
    const heading = document.getElementById(id);
    if (heading) watching.observe(heading);
  }
  signal.addEventListener("abort", () => watching.disconnect());
}
