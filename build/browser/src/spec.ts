/**
 * A Vega-Lite spec made ready for the page: the data taken out, the colours bound to the scheme.
 *
 * With the data out, two specs that differ only in data have the same `shape`, and the chart that
 * is there takes the new data instead of being drawn again.
 */

import palette from "./palette.json" with { type: "json" };
import { isObject } from "./protocol.js";

export const VEGA_LITE = "application/vnd.vegalite.v6+json";

export type Scheme = "light" | "dark";
export type Data = Map<string, unknown[]>;
type Fields = Record<string, unknown>;

export interface Chart {
  /** The spec; its inline data has names and no rows. */
  spec: Fields;
  data: Data;
  shape: string;
  /** One sentence that says what the chart shows. */
  summary: string;
}

export function prepare(source: Fields): Chart {
  const { description, datasets, ...rest } = source;
  const data: Data = new Map();
  if (isObject(datasets)) {
    for (const [name, rows] of Object.entries(datasets)) {
      if (Array.isArray(rows)) data.set(name, rows);
    }
  }
  const spec = takeData(rest, data) as Fields;
  const summary = typeof description === "string" ? description : "";
  return { spec, data, shape: JSON.stringify([spec, [...data.keys()]]), summary };
}

/** A copy in which every inline `data: {values}` has a name and no rows; the rows go to `data`. */
function takeData(value: unknown, data: Data): unknown {
  if (Array.isArray(value)) return value.map((item) => takeData(item, data));
  if (!isObject(value)) return value;
  return mapFields(value, (item, key) =>
    key === "data" && isObject(item) ? nameData(item, data) : takeData(item, data),
  );
}

function nameData(source: Fields, data: Data): Fields {
  const { values, name, ...rest } = source;
  if (!Array.isArray(values)) return source;
  const key = typeof name === "string" ? name : `inline_${data.size}`;
  data.set(key, values);
  return { ...rest, name: key };
}

const COLORS: Record<string, Record<Scheme, string>> = palette.colors;
const NAMES = new Map(Object.entries(COLORS).map(([name, { light }]) => [light, name]));

type Paint = (name: string) => string;

const asVariable: Paint = (name) => `var(--cw-${name})`;

/** The palette's light hexes become the scheme's colours: CSS variables wherever possible. */
export function recolor<T>(value: T, scheme: Scheme): T {
  return paint(value, asVariable, (name) => COLORS[name]?.[scheme] ?? name) as T;
}

function paint(value: unknown, use: Paint, useInScale: Paint): unknown {
  if (typeof value === "string") {
    const name = NAMES.get(value.toLowerCase());
    return name ? use(name) : value;
  }
  if (Array.isArray(value)) return value.map((item) => paint(item, use, useInScale));
  if (!isObject(value)) return value;
  // Vega mixes the colours of a continuous scale itself: there it needs colours it can read.
  const mixed = value["type"] === "quantitative" && isObject(value["scale"]);
  return mapFields(value, (item) => paint(item, mixed ? useInScale : use, useInScale));
}

function mapFields(source: Fields, change: (value: unknown, key: string) => unknown): Fields {
  return Object.fromEntries(Object.entries(source).map(([key, item]) => [key, change(item, key)]));
}

export const vegaConfig: Fields = palette.vegaConfig;
