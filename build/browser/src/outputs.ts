/** A demo's outputs: takes what Python answered and updates the page in place. */

import { LiveChart } from "./chart.js";
import { h } from "./dom.js";
import { build, ELEMENTS } from "./elements.js";
import { type Bundle, isObject, type PythonError } from "./protocol.js";
import { VEGA_LITE } from "./spec.js";

type Kind = "chart" | "elements" | "text";

export class Outputs {
  readonly #charts = new WeakMap<Element, LiveChart>();
  #alert: HTMLElement | null = null;

  constructor(
    private readonly root: HTMLElement,
    private readonly signal: AbortSignal,
  ) {}

  set busy(busy: boolean) {
    this.root.setAttribute("aria-busy", String(busy));
  }

  async show(bundles: Bundle[]): Promise<void> {
    this.#alert?.remove();
    this.root.classList.remove("cw-stale");
    const slots = bundles.map((bundle, index) => this.#slot(index, kindOf(bundle)));
    while (this.root.children.length > slots.length) this.root.lastElementChild?.remove();
    // Text first: a chart may have to wait for Vega.
    const charts = bundles.map((bundle, index) => this.#fill(slots[index]!, bundle));
    await Promise.all(charts);
  }

  /** The message in place; what was there before stays, dimmed. */
  fail({ type, message, traceback }: PythonError): void {
    const alert = h("div", { class: "cw-error", role: "alert" }, [
      h("p", {}, [h("strong", {}, [type]), ` ${message}`]),
    ]);
    if (traceback) {
      const trace = h("pre", {}, [traceback]);
      alert.append(h("details", {}, [h("summary", {}, ["Where it happened"]), trace]));
    }
    this.#alert?.remove();
    this.#alert = alert;
    this.root.before(alert);
    this.root.classList.add("cw-stale");
  }

  /** The figures in words, for those who listen. */
  get words(): string {
    const figures = Array.from(this.root.querySelectorAll(".figure"), spoken);
    return figures.join(". ");
  }

  #slot(index: number, kind: Kind): HTMLElement {
    const present = this.root.children[index];
    if (present instanceof HTMLElement && present.dataset["kind"] === kind) return present;
    const slot = h(
      "div",
      { class: "cw-output", "data-kind": kind },
      kind === "chart" ? chart() : [],
    );
    if (present) present.replaceWith(slot);
    else this.root.append(slot);
    return slot;
  }

  async #fill(slot: HTMLElement, bundle: Bundle): Promise<void> {
    const tree = build(bundle[ELEMENTS]);
    if (slot.dataset["kind"] === "chart") return this.#fillChart(slot, bundle, tree);
    slot.replaceChildren(tree ?? h("pre", {}, [String(bundle["text/plain"] ?? "")]));
  }

  async #fillChart(slot: HTMLElement, bundle: Bundle, table: Node | null): Promise<void> {
    const plot = slot.querySelector<HTMLElement>(".cw-chart-plot");
    const summary = slot.querySelector(".cw-chart-summary");
    const spec = bundle[VEGA_LITE];
    if (!plot || !isObject(spec)) return;
    if (table) slot.querySelector(".cw-table")?.replaceChildren(table);
    const live = this.#charts.get(plot) ?? new LiveChart(plot, this.signal);
    this.#charts.set(plot, live);
    const words = await live.show(spec);
    if (summary) summary.textContent = words;
  }
}

function kindOf(bundle: Bundle): Kind {
  if (isObject(bundle[VEGA_LITE])) return "chart";
  return Array.isArray(bundle[ELEMENTS]) ? "elements" : "text";
}

function chart(): HTMLElement[] {
  const caption = h("figcaption", { class: "cw-chart-summary" });
  const data = [h("summary", {}, ["Data table"]), h("div", { class: "cw-table" })];
  return [
    h("figure", { class: "cw-chart" }, [h("div", { class: "cw-chart-plot" }), caption]),
    h("details", { class: "cw-data" }, data),
  ];
}

function spoken(figure: Element): string {
  return Array.from(figure.children, (part) => part.textContent.trim()).join(" ");
}
