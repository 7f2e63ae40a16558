import assert from "node:assert/strict";
import { test } from "node:test";
import { compile, type TopLevelSpec } from "vega-lite";
import { hasCurves, sameAxes } from "../src/curves.js";
import { withKept } from "../src/overlay.js";
import { isObject } from "../src/protocol.js";

type Fields = Record<string, unknown>;

const rows = (...ys: number[]) => ys.map((y, x) => ({ x, y }));
const axis = (field: string, scale: Fields = { zero: false }, title = field) => ({
  field,
  type: "quantitative",
  scale,
  axis: { title },
});

/** A chart as `pyengine.show.curve` makes it: a line, and the point that it has come to. */
function curve(ys: number[], scale?: Fields, title?: string): Fields {
  return {
    description: "It falls.",
    datasets: { line: rows(...ys), point: [{ x: 0, y: ys[0] }], level: [{ y: 1 }] },
    encoding: { x: axis("x"), y: axis("y", scale, title) },
    layer: [
      { data: { name: "line" }, mark: { type: "line", color: "#b8340a", clip: true } },
      { data: { name: "point" }, mark: { type: "point", filled: true, size: 150 } },
      { data: { name: "level" }, mark: "rule", encoding: { x: { value: 0 } } },
    ],
  };
}

/** A chart in one piece, as others write it. */
const plain = (ys: number[]): Fields => ({
  data: { values: rows(...ys) },
  transform: [{ filter: "datum.y > 0" }],
  mark: "line",
  encoding: { ...(curve([])["encoding"] as Fields), color: { field: "run", type: "nominal" } },
});

const kept = (spec: Fields, look = 0) => ({ spec, words: "rate 0.3", look });
const layersOf = (spec: Fields) => spec["layer"] as { mark: Fields; data?: Fields }[];
const domainOf = (spec: Fields) =>
  (spec["encoding"] as Record<string, { scale: Fields }>)["y"]!.scale["domain"];
const drawn = (spec: Fields) =>
  layersOf(spec).map(({ data }) => (spec["datasets"] as Fields)[String(data?.["name"])]);

test("a kept line is dashed, thin and pale behind the new one, in its own colour", () => {
  const both = withKept(curve([3, 2, 1]), [kept(curve([3, 3, 2]), 1)]);
  const [first, , ...own] = layersOf(both);
  const { type, color, strokeDash, strokeWidth, opacity } = first!.mark;
  assert.deepEqual([type, color, strokeDash], ["line", "#b8340a", [1.5, 3.5]]);
  assert.ok(Number(strokeWidth) < 2 && Number(opacity) < 1);
  assert.deepEqual(own, curve([])["layer"]);
  assert.deepEqual(drawn(both)[0], rows(3, 3, 2));
  assert.equal(both["description"], "It falls. Kept: rate 0.3.");
});

test("levels are not kept, and what is the same in both is not drawn twice", () => {
  const both = withKept(curve([3, 2, 1]), [kept(curve([3, 3, 2]))]);
  assert.equal(layersOf(both).length, 2 + 3);
  assert.deepEqual(drawn(both)[1], []); // the same point
});

test("a chart in one piece keeps its encoding, data and transform for its own line", () => {
  const both = withKept(plain([1, 2]), [kept(plain([5, 6]))]);
  const [earlier, own] = layersOf(both) as unknown as Fields[];
  assert.deepEqual(own, { mark: "line", encoding: plain([])["encoding"] });
  assert.deepEqual(both["data"], plain([1, 2])["data"]);
  assert.equal("encoding" in both, false);
  assert.deepEqual(earlier!["transform"], plain([])["transform"]);
  const { detail } = earlier!["encoding"] as Fields; // several lines stay several
  assert.deepEqual(detail, [{ field: "run", type: "nominal" }]);
});

test("a kept run that explodes leaves the picture rather than press the new one flat", () => {
  const explodes = curve([3, 9, 81, 6561, 1e7, 1e12, 1e20, 1e30]);
  const both = withKept(curve([3, 2, 1]), [kept(explodes)]);
  const [low, high] = domainOf(both) as number[];
  assert.ok(low! >= 0 && high! < 50, `${low} to ${high}`);
  assert.equal(layersOf(both)[0]!.mark["clip"], true);
});

test("the axis follows the data where a kept curve only goes a little further", () => {
  const finished = curve([4, 3, 2, 1.5, 1.2, 1.1, 1, 1]);
  for (const now of [[4], [4, 3.9], [2, 1]]) {
    const both = withKept(curve(now), [kept(finished)]);
    assert.equal(domainOf(both), undefined);
    assert.equal(layersOf(both)[0]!.mark["clip"], false);
  }
});

test("an axis with fixed ends keeps them, and what leaves it is cut off", () => {
  const both = withKept(curve([3, 2], { domain: [0, 8] }), [kept(curve([3, 99]))]);
  assert.deepEqual(domainOf(both), [0, 8]);
  assert.equal(layersOf(both)[0]!.mark["clip"], true);
});

test("curves on other axes are not drawn", () => {
  for (const other of [curve([9, 9], { type: "log" }), curve([9, 9], {}, "accuracy")]) {
    assert.equal(sameAxes(other, curve([1])), false);
    assert.equal(layersOf(withKept(curve([1]), [kept(other)])).length, 3);
  }
});

test("the ground of a map is not kept, and kept paths run on it", () => {
  const map = (ys: number[]) => {
    const spec = curve(ys, { domain: [0, 9] });
    const rings = { data: { values: rows(1, 1) }, mark: { type: "line", fill: "#b8340a" } };
    return { ...spec, layer: [rings, ...layersOf(spec)] };
  };
  const types = layersOf(withKept(map([3]), [kept(map([5, 4]))])).map(({ mark }) => [
    isObject(mark) ? mark["type"] : mark,
    isObject(mark) && "fill" in mark ? "ground" : "",
  ]);
  const path = ["line", ""];
  const dot = ["point", ""];
  assert.deepEqual(types, [["line", "ground"], path, dot, path, dot, ["rule", ""]]);
});

test("clouds of points are not kept, nor what they are compared with alone", () => {
  const { encoding } = curve([1]);
  const layer = [
    { data: { values: rows(1, 2, 3) }, mark: { type: "point", opacity: 0.4 } },
    { data: { values: rows(1, 1) }, mark: { type: "line", strokeDash: [5, 4] } },
  ];
  assert.equal(hasCurves({ encoding, layer }), false);
  const path = rows(9, 8, 7);
  const steps = ["line", "point"].map((mark) => ({ data: { name: "path" }, mark }));
  const both = { encoding, layer: [...layer, ...steps], datasets: { path } };
  assert.equal(hasCurves(both), true);
  const behind = layersOf(withKept(curve([3]), [kept(both)])).slice(0, -3);
  const types = behind.map(({ mark }) => mark["type"]);
  assert.deepEqual(types, ["line", "line", "point"]); // of the points, those on the path
});

test("only lines on two axes can be kept", () => {
  assert.equal(hasCurves(curve([1, 2])), true);
  assert.equal(hasCurves(plain([1])), true);
  assert.equal(hasCurves({ ...plain([1]), mark: "bar" }), false);
  assert.equal(hasCurves({ ...plain([1]), mark: "point" }), false);
  assert.equal(hasCurves({ ...plain([1]), data: { url: "data.csv" } }), false);
  const noAxes = { x: { ...axis("x"), axis: null }, y: axis("y") }; // as a drawing of a graph
  assert.equal(hasCurves({ ...plain([1]), encoding: noAxes }), false);
  assert.equal(hasCurves({ hconcat: [plain([1])] }), false);
  assert.equal(hasCurves({}), false);
});

test("Vega-Lite draws what comes of it without complaint", () => {
  const said: unknown[] = [];
  const tell = (...words: unknown[]) => (said.push(...words), logger);
  const logger = { level: () => logger, error: tell, warn: tell, info: tell, debug: tell };
  const charts = [
    withKept(curve([3, 2, 1]), [kept(curve([3, 9, 81, 1e9, 1e10, 1e11])), kept(curve([2, 1]), 2)]),
    withKept(plain([1, 2]), [kept(plain([5, 6]))]),
  ];
  for (const chart of charts)
    compile(chart as unknown as TopLevelSpec, { logger: logger as never });
  assert.deepEqual(said, []);
});
