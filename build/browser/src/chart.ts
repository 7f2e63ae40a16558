/** A chart in the page: the baked picture until the first live answer, then Vega in its place. */

import { type Chart, prepare, type Scheme } from "./spec.js";
import type { ChartView } from "./vega.js";

const NEAR = "600px";

const loadVega = () => import("./vega.js");

/** Fetches Vega when the element comes near the viewport; the picture in it stays as it is. */
export function loadVegaNear(element: Element, signal: AbortSignal): void {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      void loadVega().catch(() => {});
    },
    { rootMargin: NEAR },
  );
  observer.observe(element);
  signal.addEventListener("abort", () => observer.disconnect());
}

export class LiveChart {
  #view: ChartView | null = null;
  #shown: Chart | null = null;
  #width = 0;
  #turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly plot: HTMLElement,
    signal: AbortSignal,
  ) {
    const sizes = new ResizeObserver(() => void this.#next(() => this.#fit()));
    sizes.observe(plot);
    const schemes = new MutationObserver(() => void this.#next(() => this.#redraw()));
    schemes.observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
    signal.addEventListener("abort", () => {
      sizes.disconnect();
      schemes.disconnect();
      this.#view?.end();
    });
  }

  /** Draws, or updates what is drawn; resolves to the chart's summary once it is there. */
  async show(source: Record<string, unknown>): Promise<string> {
    const chart = prepare(source);
    await this.#next(() => this.#update(chart));
    return chart.summary;
  }

  /** One change at a time: they come from answers, from resizes and from the colour scheme. */
  #next(change: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(change);
    this.#turn = done.catch(() => {});
    return done;
  }

  /** Same shape as what is there: only the data changes. Anything else is drawn anew. */
  async #update(chart: Chart): Promise<void> {
    if (this.#view && chart.shape === this.#shown?.shape) await this.#view.setData(chart.data);
    else await this.#draw(chart);
    this.#shown = chart;
  }

  async #draw(chart: Chart): Promise<void> {
    const { draw } = await loadVega();
    const host = document.createElement("div");
    host.className = "cw-live";
    this.#width = this.plot.clientWidth;
    const view = await draw(host, chart, this.#width, currentScheme());
    this.#view?.end();
    this.#view = view;
    this.plot.replaceChildren(host);
  }

  async #redraw(): Promise<void> {
    if (this.#shown) await this.#draw(this.#shown);
  }

  async #fit(): Promise<void> {
    const width = this.plot.clientWidth;
    if (!this.#view || width === 0 || width === this.#width) return;
    this.#width = width;
    await this.#view.setWidth(width);
  }
}

function currentScheme(): Scheme {
  return document.body.dataset["mdColorScheme"] === "slate" ? "dark" : "light";
}
