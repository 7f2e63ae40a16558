/** <cw-reader>: where the reader left off, which cards are due, what is done. Empty for a new one. */

import { h } from "../dom.js";
import { siteRoot } from "../offline/register.js";
import { dueIn } from "./due.js";
import { countOf, fetchOutline, hasCard, leftOff, type LessonOutline } from "./outline.js";
import { storeOf } from "./page.js";
import type { Store } from "./store.js";
import { say } from "../say.js";

export async function home(root: HTMLElement, signal: AbortSignal): Promise<void> {
  const site = new URL(root.dataset["root"] ?? "./", document.baseURI);
  const store = await storeOf(root.dataset["course"] ?? "");
  if (signal.aborted) return;
  let lessons: Promise<LessonOutline[]> | null = null;
  const view = { root, site, store, signal };
  const show = async () => {
    if (store.all().next().done) return root.replaceChildren();
    lessons ??= fetchOutline(new URL("assets/reader/course.json", site));
    const found = await lessons.catch(() => ((lessons = null), []));
    if (!signal.aborted && !root.querySelector(".cw-review")) fill(view, found);
  };
  await show();
  store.watchAll(() => void show(), signal);
  signal.addEventListener("abort", () => root.replaceChildren());
}

interface View {
  root: HTMLElement;
  site: URL;
  store: Store;
  signal: AbortSignal;
}

function fill(view: View, lessons: LessonOutline[]): void {
  const { root, site, store } = view;
  const due = dueIn(store, Date.now()).filter(({ lesson, block }) => {
    return hasCard(lessons, lesson, block);
  });
  const begun = lessons.filter((lesson) => countOf(store, lesson).done > 0);
  const parts = [place(view, lessons), cardsDue(view, due), ...done(view, begun)];
  const shown = parts.filter((part) => part !== null);
  if (shown.length === 0) return root.replaceChildren();
  const data = h("a", { href: new URL("your-data/", site).href }, [say("reader.data")]);
  const save = h("a", { href: new URL("your-data/#without-a-network", site).href }, [
    say("reader.save"),
  ]);
  const links = siteRoot() ? [data, " · ", save] : [data];
  const foot = h("p", { class: "cw-reader-foot" }, [say("reader.kept"), ...links]);
  const label = { class: "cw-reader-box", "aria-label": say("reader.label") };
  root.replaceChildren(h("section", label, [...shown, foot]));
}

function place({ site, store }: View, lessons: LessonOutline[]): HTMLElement | null {
  const left = leftOff(store, lessons);
  if (!left) return null;
  const { lesson, part } = left;
  const address = new URL(`lessons/${lesson.id}/${part ? `#${part.id}` : ""}`, site);
  const words = part ? `${lesson.title} · ${part.title}` : lesson.title;
  const link = h("a", { href: address.href }, [words]);
  return h("p", { class: "cw-left-off" }, [h("strong", {}, [say("reader.left-off")]), link]);
}

function cardsDue(view: View, due: ReturnType<typeof dueIn>): HTMLElement | null {
  if (due.length === 0) return null;
  const count = due.length;
  const button = h("button", { type: "button", class: "cw-button cw-main" }, [
    say("cards.review", { count }),
  ]);
  const box = h("div", { class: "cw-due" }, [
    h("p", {}, [h("strong", {}, [say("cards.due", { count })])]),
    button,
  ]);
  button.addEventListener("click", async () => {
    const { review } = await import("./review.js");
    if (!view.signal.aborted) review(box, due, view.site, view.store, view.signal);
  });
  return box;
}

function done({ site, store }: View, lessons: LessonOutline[]): HTMLElement[] {
  if (lessons.length === 0) return [];
  const items = lessons.map((lesson) => {
    const { done, of } = countOf(store, lesson);
    const link = h("a", { href: new URL(`lessons/${lesson.id}/`, site).href }, [lesson.title]);
    const bar = h("progress", { max: `${of}`, value: `${done}`, "aria-hidden": "true" });
    return h("li", {}, [link, h("span", {}, [say("reader.done", { done, of })]), bar]);
  });
  return [h("ul", { class: "cw-begun" }, items)];
}
