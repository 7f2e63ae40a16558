/**
 * <cw-sheet-demo>: a demo on the contact sheet. It is a link to where the demo stands; when it comes
 * near the view, the demo itself is taken from its lesson's page and put below.
 */

const NEAR = "1500px";
const NAMES = ["id", "for", "name", "list", "aria-labelledby", "aria-describedby", "aria-controls"];

/** @type {Map<string, Promise<Document>>} */
const lessons = new Map();

const nearby = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting && target instanceof SheetDemo) target.show();
    }
  },
  { rootMargin: NEAR },
);

class SheetDemo extends HTMLElement {
  connectedCallback() {
    nearby.observe(this);
  }

  disconnectedCallback() {
    nearby.unobserve(this);
  }

  get lesson() {
    return this.dataset["lesson"] ?? "";
  }

  /** Shows the demo below the link. */
  async show() {
    nearby.unobserve(this);
    const page = await pageOf(this.lesson);
    const demo = page.getElementById(this.dataset["demo"] ?? "");
    const link = this.querySelector("a");
    if (!demo || !link) return;
    const copy = document.importNode(demo, true);
    for (const part of [copy, ...copy.querySelectorAll("*")]) rename(part, `${this.lesson}--`);
    this.replaceChildren(link, copy);
  }
}

/**
 * A lesson's page, fetched once for all of its demos.
 *
 * @param {string} lesson
 */
function pageOf(lesson) {
  const known = lessons.get(lesson) ?? fetched(lesson);
  lessons.set(lesson, known);
  return known;
}

/** @param {string} lesson */
async function fetched(lesson) {
  const answer = await fetch(`../${lesson}/`, { cache: "no-store" });
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/**
 * Gives a part of a demo names of its own: demos of two lessons may have the same. Those inside a
 * drawing refer to each other and stay.
 *
 * @param {Element} part
 * @param {string} prefix
 */
function rename(part, prefix) {
  if (!(part instanceof HTMLElement)) return;
  for (const name of NAMES) {
    const value = part.getAttribute(name);
    if (value)
      part.setAttribute(
        name,
        value.replace(/\S+/g, (word) => prefix + word),
      );
  }
}

/**
 * Shows the demos of lessons that have changed anew.
 *
 * @param {string[]} pages
 */
export function renewDemos(pages) {
  const changed = [...lessons.keys()].filter((lesson) => pages.includes(`lessons/${lesson}/`));
  for (const lesson of changed) lessons.delete(lesson);
  for (const element of document.querySelectorAll("cw-sheet-demo")) {
    if (element instanceof SheetDemo && changed.includes(element.lesson)) void element.show();
  }
}

customElements.define("cw-sheet-demo", SheetDemo);
