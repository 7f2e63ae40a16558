/** Vega, loaded late: draws a chart as SVG, gives it new data. Its expressions are never eval'd. */

import { type Loader, parse, View } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile, type TopLevelSpec } from "vega-lite";
import { type Chart, type Data, recolor, type Scheme, vegaConfig } from "./spec.js";

export interface ChartView {
  setData(data: Data): Promise<void>;
  setWidth(width: number): Promise<void>;
  end(): void;
}

const refuse = () => Promise.reject(new Error("A chart's data must be inline."));
const noNetwork: Loader = {
  options: {},
  load: refuse,
  sanitize: refuse,
  http: refuse,
  file: refuse,
} as unknown as Loader;

export async function draw(
  container: HTMLElement,
  chart: Chart,
  width: number,
  scheme: Scheme,
): Promise<ChartView> {
  const view = new View(parse(compileFor(chart, width, scheme), undefined, { ast: true }), {
    expr: expressionInterpreter,
    loader: noNetwork,
    renderer: "svg",
    container,
  });
  fill(view, chart.data);
  await view.runAsync();
  return {
    setData: async (data) => void (await fill(view, data).runAsync()),
    setWidth: async (next) => void (await view.width(next).runAsync()),
    end: () => void view.finalize(),
  };
}

function compileFor(chart: Chart, width: number, scheme: Scheme) {
  const autosize = { type: "fit-x", contains: "padding" };
  const spec = recolor({ ...chart.spec, width, autosize }, scheme);
  const config = recolor(vegaConfig, scheme);
  return compile(spec as unknown as TopLevelSpec, { config: config as object }).spec;
}

function fill(view: View, data: Data): View {
  for (const [name, rows] of data) view.data(name, rows);
  return view;
}
