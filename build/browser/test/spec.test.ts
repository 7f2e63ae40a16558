import assert from "node:assert/strict";
import { test } from "node:test";
import { prepare, recolor } from "../src/spec.js";

const line = (rows: unknown[], color = "#b8340a") => ({
  description: `${rows.length} points`,
  data: { values: rows },
  mark: { type: "line", color },
  encoding: { x: { field: "x", type: "quantitative" } },
});

test("specs that differ in data and summary have the same shape", () => {
  const [one, two] = [prepare(line([{ x: 1 }])), prepare(line([{ x: 1 }, { x: 2 }]))];
  assert.equal(one.shape, two.shape);
  assert.equal(two.summary, "2 points");
  assert.deepEqual([...two.data.values()], [[{ x: 1 }, { x: 2 }]]);
});

test("specs that differ in anything else have another shape", () => {
  assert.notEqual(prepare(line([])).shape, prepare(line([], "#00755a")).shape);
});

test("each layer's inline data gets its own name", () => {
  const layer = [line([1]), line([2])];
  const { spec, data } = prepare({ layer });
  assert.deepEqual(
    [...data],
    [
      ["inline_0", [1]],
      ["inline_1", [2]],
    ],
  );
  assert.match(JSON.stringify(spec), /"data":\{"name":"inline_0"\}.*"data":\{"name":"inline_1"\}/);
});

test("named datasets are taken out under their names", () => {
  const { spec, data } = prepare({ datasets: { curve: [1, 2] }, data: { name: "curve" } });
  assert.deepEqual(spec, { data: { name: "curve" } });
  assert.deepEqual(data.get("curve"), [1, 2]);
});

test("a row's own field called data is left alone", () => {
  const { data } = prepare({ data: { values: [{ data: { values: [9] } }] } });
  assert.deepEqual([...data.values()], [[{ data: { values: [9] } }]]);
});

test("the palette's hexes become CSS variables, other colours stay", () => {
  const colors = { stroke: "#B8340A", fill: "#123456", range: ["#0b62a4", "red"] };
  const changed = { stroke: "var(--cw-loss)", fill: "#123456", range: ["var(--cw-prob)", "red"] };
  assert.deepEqual(recolor(colors, "light"), changed);
});

test("in a continuous scale they become the scheme's hexes, which Vega can mix", () => {
  const color = { field: "w", type: "quantitative", scale: { range: ["#ffffff", "#0b62a4"] } };
  const dark = recolor({ encoding: { color } }, "dark");
  assert.deepEqual(dark.encoding.color.scale.range, ["#1a2029", "#6db6ef"]);
});
