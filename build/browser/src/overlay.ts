/**
 * Kept curves in a chart: a Vega-Lite spec becomes one with the lines, paths and points of earlier
 * specs behind its own. They keep their colours, and are thinner, paler and dashed.
 */

import {
  curvesOf,
  type Fields,
  fieldsIn,
  isGround,
  LINES,
  list,
  sameAxes,
  scaleType,
  type Unit,
  unitsOf,
} from "./curves.js";
import { isObject } from "./protocol.js";
import { say } from "./say.js";

export interface KeptCurve {
  spec: Fields;
  /** What the chart's summary calls it. */
  words: string;
  /** Which dashes it has. */
  look: number;
}

export const DASHES = [
  [6, 4],
  [1.5, 3.5],
  [10, 3, 2, 3],
];

const SOFT = "#56606f";
const SMALL = 80; // square pixels of a point, as Vega counts
const SPLITTING = ["color", "stroke", "strokeDash", "detail"]; // channels that make several lines of one
const BEYOND = 3; // how many times its own height a chart grows at most for a kept curve

/** The chart with kept curves behind its own, though on its ground if it has any. */
export function withKept(spec: Fields, kept: KeptCurve[]): Fields {
  if (kept.length === 0) return spec;
  const own = unitsOf(spec);
  const curves = kept.map((each) => (sameAxes(each.spec, spec) ? curvesOf(each.spec) : []));
  const limits = limitsOf(own, curves.flat());
  const isClipped = limits !== null || own.some(({ x, y }) => domainOf(x) ?? domainOf(y));
  const datasets: Fields = {};
  const behind = kept.flatMap(({ look }, i) =>
    curves[i]!.map((curve, j) => {
      const name = `kept ${i + 1}, ${j + 1}`;
      // What is the same in both lies below the new one, unseen.
      datasets[name] = own.some((unit) => isSame(unit, curve)) ? [] : curve.rows;
      return layer(curve, name, look, isClipped);
    }),
  );
  return layered(spec, behind, datasets, limits, summary(spec, kept));
}

function summary({ description }: Fields, kept: KeptCurve[]): string {
  const own = typeof description === "string" ? `${description} ` : "";
  return own + say("keep.summary", { names: kept.map(({ words }) => words).join("; ") });
}

function layered(
  spec: Fields,
  behind: Fields[],
  datasets: Fields,
  limits: Limits | null,
  description: string,
): Fields {
  const { mark, layer, encoding, ...rest } = spec;
  const own = Array.isArray(layer) ? (layer as Fields[]) : [{ mark, encoding }];
  const shared = Array.isArray(layer) && isObject(encoding) ? { encoding } : {};
  const ground = own.findLastIndex(({ mark }) => isGround(mark)) + 1;
  const layers = [...own.slice(0, ground), ...behind, ...own.slice(ground)];
  const all: Fields = { ...rest, ...shared, layer: layers };
  all["datasets"] = { ...(isObject(rest["datasets"]) ? rest["datasets"] : {}), ...datasets };
  all["description"] = description;
  return limits ? limited(all, limits) : all;
}

/** How a kept curve is drawn. Its axes and colours are settled: it has a scale of its own for none. */
function layer(curve: Unit, name: string, look: number, clip: boolean): Fields {
  const { type, mark, encoding, transform } = curve;
  const color = typeof mark["color"] === "string" ? mark["color"] : SOFT;
  const pale = { ...mark, type, color, strokeWidth: 1.5, opacity: 0.75, clip };
  const drawn = LINES.includes(type)
    ? { ...pale, type: "line", strokeDash: DASHES[look], point: false }
    : { ...pale, filled: false, size: Math.min(Number(mark["size"] ?? SMALL), SMALL) };
  const detail = SPLITTING.flatMap((channel) => encoding[channel] ?? [])
    .filter((channel) => isObject(channel) && "field" in channel)
    .map((channel) => ({ field: (channel as Fields)["field"], type: "nominal" }));
  const { order } = encoding;
  const place = { x: bare(curve.x), y: bare(curve.y), detail, ...(order ? { order } : {}) };
  return { data: { name }, transform, mark: drawn, encoding: place };
}

/** A place without what the new chart says of its axis. */
function bare({ scale: _scale, axis: _axis, title: _title, ...place }: Fields): Fields {
  return place;
}

function isSame(one: Unit, other: Unit): boolean {
  const { type, rows } = one;
  return type === other.type && JSON.stringify(rows) === JSON.stringify(other.rows);
}

/* The vertical axis: a kept run that explodes must not press the new one flat. */

type Limits = [number, number];

/** Where the vertical axis ends if kept curves would stretch it too far; else null. */
function limitsOf(own: Unit[], kept: Unit[]): Limits | null {
  const isFixed = ({ y }: Unit) => domainOf(y) !== null || scaleType(y["scale"]) !== "linear";
  if (own.some(isFixed)) return null;
  const curves = kept.map(heights);
  // Where kept ones begin always counts: a new run that has just begun has no height yet.
  const begun = curves.flatMap((values) => values.slice(0, Math.ceil(values.length / 4)));
  const [low, high] = extent([...own.flatMap(heights), ...begun]);
  const [least, most] = extent(curves.flat());
  const room = BEYOND * (high - low);
  if (least >= low - room && most <= high + room) return null;
  return [Math.max(Math.min(least, low), low - room), Math.min(Math.max(most, high), high + room)];
}

function heights({ rows, y }: Unit): number[] {
  const field = String(y["field"]);
  return rows.map((row) => fieldsIn(row)[field]).filter((value) => typeof value === "number");
}

function extent(values: number[]): Limits {
  return values.reduce<Limits>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  );
}

function domainOf({ scale }: Fields): unknown[] | null {
  const domain = isObject(scale) ? scale["domain"] : null;
  return Array.isArray(domain) ? domain : null;
}

/** The chart with its vertical axis from one end to the other, in whichever layer it is told. */
function limited(spec: Fields, domain: Limits): Fields {
  const encoding = fieldsIn(spec["encoding"]);
  const own = isObject(encoding["y"]) ? { encoding: ending(encoding, domain) } : {};
  const layers = list(spec["layer"]).map((layer) => {
    const inner = fieldsIn(fieldsIn(layer)["encoding"]);
    return isObject(inner["y"]) ? { ...fieldsIn(layer), encoding: ending(inner, domain) } : layer;
  });
  return { ...spec, ...own, layer: layers };
}

function ending(encoding: Fields, domain: Limits): Fields {
  const y = fieldsIn(encoding["y"]);
  return { ...encoding, y: { ...y, scale: { ...fieldsIn(y["scale"]), domain, nice: true } } };
}
