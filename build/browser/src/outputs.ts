/** A demo's outputs: takes what Python answered and updates the page in place. */

import { LiveChart } from "./chart.js";
import type { Fields } from "./curves.js";
import { h } from "./dom.js";
import { build, ELEMENTS } from "./elements.js";
import { Framed, HTML } from "./framed.js";
import { picture, PNG, SVG } from "./picture.js";
import { keepReachable } from "./scroll.js";
import { type Bundle, isObject } from "./protocol.js";
import { VEGA_LITE } from "./spec.js";
import { say } from "./say.js";

const LATE_MILLISECONDS = 150;
const OWN_TABLE = ".cw-table table:not(.cw-kept-table table)"; // kept ones stand below it

type Kind = "chart" | "elements" | "picture" | "html" | "text";

export interface Failure {
  title: string;
  message: string;
  traceback?: string;
}

/** What stands in a chart beside what Python sent. */
export interface Overlay {
  /** Adds to a chart, which is the demo's first, second, …; returns the spec to be drawn. */
  onto(chart: HTMLElement, spec: Fields, place: number): Fields;
  /** Other displays are shown. */
  changed(): void;
}

export class Outputs {
  overlay: Overlay | null = null;
  readonly #charts = new WeakMap<Element, LiveChart>();
  readonly #specs = new WeakMap<Element, Fields>();
  readonly #frames = new WeakMap<Element, Framed>();
  #alert: HTMLElement | null = null;

  constructor(
    private readonly root: HTMLElement,
    private readonly signal: AbortSignal,
  ) {
    signal.addEventListener("abort", () => this.#clear());
    keepReachable(root, signal);
  }

  set busy(busy: boolean) {
    this.root.setAttribute("aria-busy", String(busy));
  }

  /** Not the answer to what the controls say. */
  set stale(stale: boolean) {
    this.root.classList.toggle("cw-stale", stale);
  }

  async show(bundles: Bundle[]): Promise<void> {
    this.#clear();
    const slots = bundles.map((bundle, index) => this.#slot(index, kindOf(bundle)));
    while (this.root.children.length > slots.length) this.root.lastElementChild?.remove();
    // All text is in place at once; a chart may have to wait for Vega.
    const filled = bundles.map((bundle, index) => this.#fill(slots[index]!, bundle));
    this.overlay?.changed();
    await Promise.all(filled);
  }

  /** The charts that are shown, in order: as Python sent them, and the tables of their data. */
  get charts(): { spec: Fields; table: Node | null }[] {
    return this.#chartSlots.map((slot) => ({
      spec: this.#specOf(slot),
      table: slot.querySelector(OWN_TABLE)?.cloneNode(true) ?? null,
    }));
  }

  /** Draws the charts anew, since the overlay has changed. */
  async redraw(): Promise<void> {
    await Promise.all(this.#chartSlots.map((slot) => this.#drawChart(slot, this.#specOf(slot))));
  }

  /** The message in place; what was there before stays, dimmed. */
  fail(failure: Failure): void {
    this.#clear();
    this.#alert = alert(failure);
    this.root.before(this.#alert);
    this.stale = true;
  }

  /** The figures in words, for those who listen. */
  get words(): string {
    return Array.from(this.root.querySelectorAll(".figure"), spoken).join(". ");
  }

  get #chartSlots(): HTMLElement[] {
    return [...this.root.querySelectorAll<HTMLElement>(':scope > [data-kind="chart"]')];
  }

  /** Of a chart that came with the page, the page has the spec if there are curves in it. */
  #specOf(slot: HTMLElement): Fields {
    const baked = slot.querySelector<HTMLElement>(".cw-chart")?.dataset["spec"] ?? "{}";
    return this.#specs.get(slot) ?? (JSON.parse(baked) as Fields);
  }

  #clear(): void {
    this.#alert?.remove();
    this.#alert = null;
    this.stale = false;
  }

  #slot(index: number, kind: Kind): HTMLElement {
    const present = this.root.children[index];
    if (present instanceof HTMLElement && present.dataset["kind"] === kind) return present;
    const content = kind === "chart" ? emptyChart() : [];
    const slot = h("div", { class: "cw-output", "data-kind": kind }, content);
    if (present) present.replaceWith(slot);
    else this.root.append(slot);
    return slot;
  }

  async #fill(slot: HTMLElement, bundle: Bundle): Promise<void> {
    const tree = build(bundle[ELEMENTS]);
    const spec = bundle[VEGA_LITE];
    if (isObject(spec)) return this.#fillChart(slot, spec, tree);
    const html = bundle[HTML];
    const shown = tree ?? picture(bundle);
    if (!shown && typeof html === "string") return this.#fillFrame(slot, html);
    slot.replaceChildren(shown ?? h("pre", {}, [String(bundle["text/plain"] ?? "")]));
  }

  #fillFrame(slot: HTMLElement, html: string): void {
    const framed = this.#frames.get(slot) ?? new Framed(slot, this.signal);
    this.#frames.set(slot, framed);
    framed.show(html);
  }

  async #fillChart(slot: HTMLElement, spec: Fields, table: Node | null) {
    this.#specs.set(slot, spec);
    if (table) slot.querySelector(".cw-table")?.replaceChildren(table);
    await this.#drawChart(slot, spec);
  }

  async #drawChart(slot: HTMLElement, spec: Fields) {
    const plot = slot.querySelector<HTMLElement>(".cw-chart-plot");
    const summary = slot.querySelector(".cw-chart-summary");
    if (!plot || !summary) return;
    const place = this.#chartSlots.indexOf(slot);
    const drawn = this.overlay?.onto(slot, spec, place) ?? spec;
    const live = this.#charts.get(plot) ?? new LiveChart(plot, this.signal);
    this.#charts.set(plot, live);
    const late = setTimeout(() => plot.classList.add("cw-stale"), LATE_MILLISECONDS);
    try {
      summary.textContent = await live.show(drawn);
      plot.classList.remove("cw-stale");
    } catch (error) {
      summary.textContent = say("chart.not-drawn", { why: messageOf(error) });
      plot.classList.add("cw-stale");
    } finally {
      clearTimeout(late);
    }
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

function kindOf(bundle: Bundle): Kind {
  if (isObject(bundle[VEGA_LITE])) return "chart";
  if (Array.isArray(bundle[ELEMENTS])) return "elements";
  if (typeof bundle[SVG] === "string" || typeof bundle[PNG] === "string") return "picture";
  return typeof bundle[HTML] === "string" ? "html" : "text";
}

function emptyChart(): HTMLElement[] {
  const caption = h("figcaption", { class: "cw-chart-summary" });
  const plot = h("div", { class: "cw-chart-plot" });
  const table = h("div", { class: "cw-table" });
  return [
    h("figure", { class: "cw-chart" }, [plot, caption]),
    h("details", { class: "cw-data" }, [h("summary", {}, [say("chart.table")]), table]),
  ];
}

function alert({ title, message, traceback }: Failure): HTMLElement {
  const words = h("p", {}, [h("strong", {}, [title]), ` ${message}`]);
  const box = h("div", { class: "cw-error", role: "alert" }, [words]);
  if (!traceback) return box;
  const content = [h("summary", {}, [say("output.where")]), h("pre", {}, [traceback])];
  box.append(h("details", { class: "cw-trace" }, content));
  return box;
}

function spoken(figure: Element): string {
  return Array.from(figure.children, (part) => part.textContent.trim()).join(" ");
}
