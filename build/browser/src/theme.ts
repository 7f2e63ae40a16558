/**
 * What the theme leaves undone for keyboards and screen readers, done once the page is there: a
 * name, buttons where only a mouse could press, no keys that fire while one does something else.
 */

import { h } from "./dom.js";
import { keepReachable } from "./scroll.js";
import { say } from "./say.js";

const BACK = ".md-nav__title[for^=__nav], .md-nav__title[for=__toc]";
const TABLES = ".md-typeset__scrollwrap";
// The theme goes to another page or to the search at these, wherever the focus is. Whoever speaks
// to a computer types them by accident (WCAG 2.1.4), and there is no switch.
const KEYS = new Set(["f", "s", "/", "p", ",", "n", "."]);
const TYPED = "input, textarea, select, [contenteditable], [contenteditable] *";

/** Completes the page's theme, as far as the page has one. */
export function completeTheme(): void {
  document.querySelector(".md-search")?.setAttribute("aria-label", say("theme.search"));
  opener("__search", say("theme.search"));
  const open = opener("__drawer", say("theme.navigation"));
  if (open) drawer(open);
  for (const title of document.querySelectorAll<HTMLLabelElement>(BACK)) pressable(title);
  // As the theme has it for a section: Enter opens it.
  for (const label of document.querySelectorAll<HTMLElement>("label.md-nav__link[for=__toc]"))
    label.tabIndex = 0;
  schemes();
  // Every nested list of a table of contents is a landmark there, some of one name.
  for (const list of document.querySelectorAll(".md-nav--secondary nav")) {
    list.removeAttribute("aria-label");
    list.setAttribute("role", "none");
  }
  window.addEventListener("keydown", withoutShortcuts, { capture: true });
  const content = document.querySelector<HTMLElement>(".md-main");
  if (content) keepReachable(content, new AbortController().signal, TABLES);
}

/** The header's button that opens something, which the theme made a label. */
function opener(toggle: string, name: string): HTMLButtonElement | null {
  const label = document.querySelector<HTMLLabelElement>(`.md-header__button[for=${toggle}]`);
  const button = label && pressable(label);
  button?.setAttribute("aria-label", name);
  return button;
}

/** A button in a label's place and look, which presses the checkbox that the label belongs to. */
function pressable(label: HTMLLabelElement): HTMLButtonElement {
  const button = h("button", { type: "button", class: "cw-pressable" }, [...label.childNodes]);
  label.append(button);
  const { control } = label;
  if (!(control instanceof HTMLInputElement)) return button;
  button.addEventListener("click", () => control.click());
  if (control.type !== "checkbox") return button;
  const told = () => button.setAttribute("aria-expanded", String(control.checked));
  told();
  control.addEventListener("change", told);
  return button;
}

/** The colour scheme's buttons. The theme has radios, of which Tab may reach one that is unseen. */
function schemes(): void {
  const box = document.querySelector("[data-md-component=palette]");
  for (const radio of box?.querySelectorAll<HTMLInputElement>(".md-option") ?? [])
    radio.hidden = true;
  for (const label of box?.querySelectorAll("label") ?? []) {
    const button = pressable(label);
    button.setAttribute("aria-label", label.title);
    const next = () => box?.querySelector<HTMLElement>("label:not([hidden]) button")?.focus();
    button.addEventListener("click", () => setTimeout(next)); // the theme hides this one
  }
}

/** The drawer takes the focus when a key opens it; Escape closes it and gives the focus back. */
function drawer(open: HTMLButtonElement): void {
  const toggle = document.querySelector<HTMLInputElement>("#__drawer");
  const inside = document.querySelector<HTMLElement>(".md-sidebar--primary");
  if (!toggle || !inside) return;
  open.addEventListener("click", () => {
    if (!toggle.checked) return;
    const panels = [inside, ...inside.querySelectorAll(".md-nav__toggle:checked ~ .md-nav")];
    panels.at(-1)?.querySelector<HTMLElement>("button, a[href]")?.focus(); // of that on top
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !toggle.checked) return;
    toggle.click();
    open.focus();
  });
}

function withoutShortcuts(event: KeyboardEvent): void {
  const typing = event.target instanceof Element && event.target.matches(TYPED);
  const modified = event.ctrlKey || event.altKey || event.metaKey;
  if (KEYS.has(event.key) && !typing && !modified) event.stopImmediatePropagation();
}
