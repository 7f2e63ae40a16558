/** What a Vega-Lite spec draws: its marks, each with its data and its places on the two axes. */

import { isObject } from "./protocol.js";

export type Fields = Record<string, unknown>;

export const LINES = ["line", "trail"];
const POINTS = ["point", "circle"];
const AREAS = ["area", "rect", "image"];

/** One mark with all that holds for it, what a layer inherits included. */
export interface Unit {
  type: string;
  mark: Fields;
  rows: unknown[];
  transform: unknown[];
  encoding: Fields;
  x: Fields;
  y: Fields;
}

/**
 * Whether a chart has a line or path that can be kept: on two axes, of data that it holds. One
 * that is dashed itself is there for others to be compared with, and changes little.
 */
export function hasCurves(spec: Fields): boolean {
  return curvesOf(spec).some(({ type, mark }) => LINES.includes(type) && !mark["strokeDash"]);
}

/** Whether the curves of one chart mean something on the axes of another. */
export function sameAxes(one: Fields, other: Fields): boolean {
  return axesOf(one) === axesOf(other);
}

function axesOf(spec: Fields): string {
  const curve = curvesOf(spec)[0];
  return JSON.stringify(curve && [curve.x, curve.y].map(axisOf));
}

function axisOf({ field, type, title, axis, scale }: Fields): unknown[] {
  const called = (isObject(axis) ? axis["title"] : undefined) ?? title ?? field;
  return [type, called, scaleType(scale)];
}

export const scaleType = (scale: unknown) =>
  isObject(scale) ? (scale["type"] ?? "linear") : "linear";

/** The lines and paths, and the points on them; no clouds of points. */
export function curvesOf(spec: Fields): Unit[] {
  const placed = unitsOf(spec).filter(({ x, y }) => isPlace(x) && isPlace(y));
  const lines = placed.filter(({ type, mark }) => LINES.includes(type) && !isGround(mark));
  const isOnLine = ({ rows }: Unit) =>
    rows.length === 1 || lines.some((line) => line.rows === rows);
  const isPoint = (unit: Unit) => POINTS.includes(unit.type) && isOnLine(unit);
  return placed.filter((unit) => lines.includes(unit) || isPoint(unit));
}

/** Whether a mark fills its place, as the rings of a map do: curves run on top of it. */
export function isGround(mark: unknown): boolean {
  const { type, fill } = isObject(mark) ? mark : { type: mark, fill: null };
  return AREAS.includes(String(type)) || (LINES.includes(String(type)) && Boolean(fill));
}

function isPlace({ field, type, axis }: Fields): boolean {
  return typeof field === "string" && type === "quantitative" && axis !== null;
}

/** The marks of a chart that is one, or several in layers; of any other arrangement none. */
export function unitsOf(spec: Fields): Unit[] {
  const layers = Array.isArray(spec["layer"]) ? spec["layer"].filter(isObject) : [{}];
  return layers.flatMap((layer) => {
    const mark = layer["mark"] ?? spec["mark"];
    const look = typeof mark === "string" ? { type: mark } : mark;
    const rows = rowsOf(layer["data"] ?? spec["data"], spec["datasets"]);
    if (!isObject(look) || typeof look["type"] !== "string" || !rows) return [];
    const encoding = merged(spec["encoding"], layer["encoding"]);
    const transform = [layer["data"] ? [] : spec["transform"], layer["transform"]].flatMap(list);
    const [x, y] = [fieldsIn(encoding["x"]), fieldsIn(encoding["y"])];
    return [{ type: look["type"], mark: look, rows, transform, encoding, x, y }];
  });
}

export const fieldsIn = (value: unknown) => (isObject(value) ? value : {});
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Channels of a layer over those of its chart, as Vega-Lite has it. */
function merged(outer: unknown, inner: unknown): Fields {
  const all = { ...fieldsIn(outer), ...fieldsIn(inner) };
  const channels = Object.entries(all).map(([name, channel]) => {
    const above = fieldsIn(outer)[name];
    return [name, isObject(channel) && isObject(above) ? { ...above, ...channel } : channel];
  });
  return Object.fromEntries(channels) as Fields;
}

function rowsOf(data: unknown, datasets: unknown): unknown[] | null {
  const { values, name } = fieldsIn(data);
  const rows = values ?? (typeof name === "string" ? fieldsIn(datasets)[name] : undefined);
  return Array.isArray(rows) ? rows : null;
}
