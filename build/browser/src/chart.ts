/** A chart in the page: the baked picture until the first live answer, then Vega in its place. */

import { type Chart, prepare, type Scheme } from "./spec.js";
import { whenNear, whenRead } from "./near.js";
import { path as vegaPath } from "chunk:./vega.ts";
import type { ChartView } from "./vega.js";
import { say } from "./say.js";

type Vega = typeof import("./vega.js");

// The two pictures in the page are drawn this wide too (charts.py), and scaled in the same way.
const WIDTHS = { narrow: 320, wide: 620 };
const NARROW_DEMO = 480;

let vega: Promise<Vega> | null = null;
let failures = 0;

/** Vega, once. A browser never asks again for a module that failed: the next try has a new name. */
function loadVega(): Promise<Vega> {
  const url = new URL(vegaPath, import.meta.url);
  if (failures > 0) url.search = `again=${failures}`;
  vega ??= (import(url.href) as Promise<Vega>).catch(() => {
    failures++;
    vega = null;
    throw new Error(say("chart.no-connection"));
  });
  return vega;
}

/** Fetches Vega when a reader comes near the element; the picture in it stays as it is. */
export async function loadVegaNear(element: HTMLElement, signal: AbortSignal): Promise<void> {
  await whenRead();
  if (!signal.aborted) whenNear(element, signal, () => void loadVega().catch(() => {}));
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
    const host = this.plot.querySelector<HTMLElement>(".cw-live");
    if (host && this.#view && chart.shape === this.#shown?.shape) {
      await this.#view.setData(chart.data);
      this.#name(host, chart);
    } else await this.#draw(chart);
    this.#shown = chart;
  }

  async #draw(chart: Chart): Promise<void> {
    const { draw } = await loadVega();
    const host = document.createElement("div");
    host.className = "cw-live";
    this.#width = this.#fitting();
    const view = await draw(host, chart, this.#width, currentScheme());
    this.#name(host, chart);
    this.#view?.end();
    this.#view = view;
    this.plot.replaceChildren(host);
  }

  async #redraw(): Promise<void> {
    if (this.#shown) await this.#draw(this.#shown);
  }

  async #fit(): Promise<void> {
    const width = this.#fitting();
    if (!this.#view || this.plot.clientWidth === 0 || width === this.#width) return;
    this.#width = width;
    await this.#view.setWidth(width);
  }

  #fitting(): number {
    const { clientWidth } = this.plot.closest(".cw-demo") ?? this.plot;
    return clientWidth > NARROW_DEMO ? WIDTHS.wide : WIDTHS.narrow;
  }

  /** One image with its summary as name, as baked; what Vega says about its parts goes unheard. */
  #name(host: HTMLElement, { summary }: Chart): void {
    host.setAttribute("role", "img");
    host.setAttribute("aria-label", summary || say("chart.name"));
    host.querySelector("svg")?.setAttribute("aria-hidden", "true");
  }
}

function currentScheme(): Scheme {
  return document.body.dataset["mdColorScheme"] === "slate" ? "dark" : "light";
}
