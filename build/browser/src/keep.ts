/** "Keep this curve": the buttons, and what a chart is given beside its own curves. */

import type { Setting } from "./controls.js";
import { type Fields, hasCurves, sameAxes } from "./curves.js";
import { h } from "./dom.js";
import { Kept, type KeptResult, namesOf } from "./kept.js";
import type { Outputs, Overlay } from "./outputs.js";
import { DASHES, withKept } from "./overlay.js";
import type { StatusLine } from "./status.js";
import { say } from "./say.js";

export interface KeepParts {
  outputs: Outputs;
  /** Where the buttons stand. */
  actions: HTMLElement;
  line: StatusLine;
  /** What the result on show came from. */
  now: () => { settings: Setting[]; steps: number | null };
}

export class Keep implements Overlay {
  readonly #kept = new Kept();
  readonly #keep = h("button", { type: "button", class: "cw-button" }, [say("keep.keep")]);
  readonly #forget = h("button", { type: "button", class: "cw-button" }, [say("keep.forget")]);

  constructor(
    private readonly parts: KeepParts,
    signal: AbortSignal,
  ) {
    this.#keep.addEventListener("click", () => this.#keepThis(), { signal });
    this.#forget.addEventListener("click", () => this.#forgetAll(), { signal });
    parts.actions.prepend(this.#keep, this.#forget);
    parts.outputs.overlay = this;
    this.changed();
  }

  /** There is a button where there is something to keep. */
  changed(): void {
    const { charts } = this.parts.outputs;
    this.#keep.hidden = !charts.some(({ spec }) => hasCurves(spec));
    this.#forget.hidden = this.#kept.results.length === 0;
  }

  /** Puts the kept curves' names and data beside a chart; returns what is to be drawn. */
  onto(chart: HTMLElement, spec: Fields, place: number): Fields {
    const kept = this.#kept.results.filter(({ charts }) => charts[place]);
    const names = namesOf(kept, this.parts.now().settings);
    const curves = kept.map(({ charts, look }, i) => {
      const earlier = charts[place]!.spec;
      const name = names[i] ?? "";
      const words = sameAxes(earlier, spec) ? name : say("keep.undrawn", { name });
      return { spec: earlier, words, look };
    });
    showLegend(chart, curves);
    showTables(chart, kept, place, names);
    return withKept(spec, curves);
  }

  #keepThis(): void {
    const { outputs, now, line } = this.parts;
    const result = { ...now(), charts: outputs.charts };
    if (this.#kept.has(result)) return line.speakSoon(say("keep.kept-already"));
    this.#kept.add(result);
    this.#redraw();
    const name = namesOf(this.#kept.results, result.settings).at(-1) ?? "";
    line.speakSoon(say("keep.said", { name }));
  }

  #forgetAll(): void {
    this.#kept.forget();
    this.#keep.focus(); // the button pressed is about to go
    this.#redraw();
    this.parts.line.speakSoon(say("keep.forgotten"));
  }

  #redraw(): void {
    this.changed();
    void this.parts.outputs.redraw();
  }
}

function showLegend(chart: HTMLElement, curves: { words: string; look: number }[]): void {
  chart.querySelector(".cw-kept")?.remove();
  const entries = curves.map(({ words, look }) =>
    h("li", {}, [dashes(look), say("keep.named", { name: words })]),
  );
  if (entries.length === 0) return;
  chart.querySelector(".cw-chart-plot")?.before(h("ul", { class: "cw-kept" }, entries));
}

function dashes(look: number): SVGElement {
  const svg = drawn("svg", { viewBox: "0 0 30 4", "aria-hidden": "true" });
  svg.append(drawn("line", { x2: "30", y1: "2", y2: "2", "stroke-dasharray": `${DASHES[look]}` }));
  return svg;
}

function drawn(tag: "svg" | "line", attributes: Record<string, string>): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** Below the chart's own table, each kept result's as it was. */
function showTables(chart: HTMLElement, kept: KeptResult[], place: number, names: string[]): void {
  const tables = kept.map(({ charts }, i) => {
    const table = charts[place]?.table?.cloneNode(true);
    const called = h("p", { class: "cw-kept-name" }, [say("keep.named", { name: names[i] ?? "" })]);
    return h("div", { class: "cw-kept-table" }, table ? [called, table] : [called]);
  });
  chart.querySelectorAll(".cw-kept-table").forEach((shown) => shown.remove());
  chart.querySelector(".cw-table")?.append(...tables);
}
