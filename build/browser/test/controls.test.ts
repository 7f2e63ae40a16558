import assert from "node:assert/strict";
import { test } from "node:test";
import { Controls } from "../src/controls.js";

/** As much of an element as the controls use. */
class FakeElement extends EventTarget {
  value = "";
  checked = false;
  textContent = "";
  min = "";
  max = "";
  step = "";
  maxLength = -1;
  readonly dataset: Record<string, string> = {};
  readonly spoken: Record<string, string> = {};
  get valueAsNumber(): number {
    return this.value === "" ? NaN : Number(this.value);
  }
  setAttribute(name: string, value: string): void {
    this.spoken[name] = value;
  }
  stepUp(): void {
    this.value = String(Math.min(Number(this.max), Number(this.value) + 1));
  }
  stepDown(): void {
    this.value = String(Math.max(Number(this.min), Number(this.value) - 1));
  }
  /** What happens when a reader types, moves or checks it. */
  set(value: string, ...events: string[]): void {
    this.value = value;
    for (const event of events) this.dispatchEvent(new Event(event));
  }
}

/** A control by its kind, its elements by their selectors, and what it has told. */
function made(kind: string, elements: Record<string, Partial<FakeElement>>) {
  const parts = Object.entries(elements).map(
    ([selector, given]) => [selector, Object.assign(new FakeElement(), given)] as const,
  );
  const found = new Map<string, FakeElement>([...parts, [".cw-control-note", new FakeElement()]]);
  const part = Object.assign(new FakeElement(), {
    dataset: { name: "x", kind },
    querySelector: (selector: string) => found.get(selector) ?? null,
  });
  const told: unknown[] = [];
  const root = { querySelectorAll: () => [part] } as unknown as Element;
  const gone = new AbortController();
  const controls = new Controls(root, gone.signal, () => told.push(controls.values["x"]));
  const element = (selector: string) => found.get(selector) as FakeElement;
  const note = () => element(".cw-control-note").textContent;
  return { controls, told, element, note, gone };
}

const RANGE = "input[type=range]";
const BOX = "input[type=number]";

function logSlider() {
  const positions = "0.001 0.01 0.05 0.1 1";
  const scale = { min: "0", max: "4", value: "2", dataset: { positions } };
  const ends = { min: "0.001", max: "1", step: "any", value: "0.05" };
  return made("log_slider", { [RANGE]: scale, [BOX]: ends });
}

test("a logarithmic slider yields the number of its position, and says it", () => {
  const { controls, told, element } = logSlider();
  assert.deepEqual(controls.values, { x: 0.05 });
  element(RANGE).set("3", "input");
  assert.deepEqual(told, [0.1]);
  assert.equal(element(BOX).value, "0.1");
  assert.equal(element(RANGE).spoken["aria-valuetext"], "0.1");
});

test("a number typed beside a logarithmic slider is exact, and the slider comes near", () => {
  const { told, element } = logSlider();
  element(BOX).set("0.0123", "input", "change");
  assert.deepEqual(told, [0.0123]);
  assert.equal(element(RANGE).value, "1");
  assert.equal(element(RANGE).spoken["aria-valuetext"], "0.0123");
});

test("a number beside the scale is refused with a word", () => {
  const { told, element, note } = logSlider();
  element(BOX).set("0", "input");
  assert.deepEqual(told, []);
  element(BOX).set("0", "change");
  assert.equal(note(), "Set to 0.001, the smallest number here.");
  element(BOX).set("", "input", "change");
  assert.equal(note(), "Back to 0.001: a number is needed here.");
  assert.deepEqual(told, [0.001]);
});

test("arrow keys in the box of a logarithmic slider move it by a position", () => {
  const { told, element } = logSlider();
  const press = (key: string) => {
    const event = Object.assign(new Event("keydown", { cancelable: true }), { key });
    element(BOX).dispatchEvent(event);
    return event.defaultPrevented;
  };
  assert.equal(press("ArrowUp"), true);
  assert.equal(press("ArrowDown"), true);
  assert.equal(press("1"), false);
  assert.deepEqual(told, [0.1, 0.05]);
});

test("a number alone yields what is typed, and is refused with a word", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const ends = { min: "1", max: "9", step: "1", value: "3" };
  const { controls, told, element, note } = made("number", { [BOX]: ends });
  assert.deepEqual(controls.values, { x: 3 });
  element(BOX).set("4", "input");
  element(BOX).set("40", "input");
  assert.equal(note(), "");
  context.mock.timers.tick(800);
  assert.equal(note(), "A whole number from 1 to 9.");
  element(BOX).set("40", "change");
  assert.equal(note(), "Set to 9, the largest number here.");
  assert.deepEqual(told, [4, 9]);
});

test("a toggle yields true or false", () => {
  const { controls, told, element } = made("toggle", { input: { checked: true } });
  assert.deepEqual(controls.values, { x: true });
  element("input").checked = false;
  element("input").dispatchEvent(new Event("change"));
  assert.deepEqual(told, [false]);
});

test("each press of a seed's button adds 1", () => {
  const { controls, told, element } = made("seed", {
    button: {},
    "output span": { textContent: "7" },
  });
  assert.deepEqual(controls.values, { x: 7 });
  element("button").dispatchEvent(new Event("click"));
  element("button").dispatchEvent(new Event("click"));
  assert.deepEqual(told, [8, 9]);
  assert.equal(element("output span").textContent, "9");
});

test("a text is sent when typing rests", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { controls, told, element } = made("text", { input: { value: "Paris" } });
  element("input").set("Pari", "input");
  context.mock.timers.tick(299);
  element("input").set("Par", "input");
  context.mock.timers.tick(299);
  assert.deepEqual(told, []);
  assert.deepEqual(controls.values, { x: "Paris" });
  context.mock.timers.tick(1);
  assert.deepEqual(told, ["Par"]);
});

test("a text is sent on Enter, and only once", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { told, element } = made("text", { input: { value: "Paris" } });
  element("input").set("", "input", "change");
  assert.deepEqual(told, [""]);
  context.mock.timers.tick(1000);
  assert.deepEqual(told, [""]);
});

test("a text still being composed is not sent", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { told, element } = made("text", { input: { value: "" } });
  element("input").value = "k";
  element("input").dispatchEvent(Object.assign(new Event("input"), { isComposing: true }));
  context.mock.timers.tick(1000);
  assert.deepEqual(told, []);
  element("input").set("か", "compositionend");
  context.mock.timers.tick(300);
  assert.deepEqual(told, ["か"]);
});

test("a control that has left the page tells nothing more", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { told, element, gone } = made("text", { input: { value: "Paris" } });
  element("input").set("Rome", "input");
  gone.abort();
  context.mock.timers.tick(1000);
  assert.deepEqual(told, []);
});

test("a number from a link is taken only if the control has it, and nobody is told", () => {
  const { controls, told, element } = logSlider();
  const give = (text: string) => controls.take(new Map([["x", text]]));
  assert.equal(give("0.1"), 0);
  assert.deepEqual(controls.values, { x: 0.1 });
  assert.equal(element(RANGE).value, "3");
  assert.equal(element(BOX).value, "0.1");
  assert.deepEqual(controls.moved, [["x", "0.1"]]);
  for (const text of ["2", "-1", "", " 0.1", "0x1", "1e999", "Infinity", "nought"]) {
    assert.equal(give(text), 1, text);
    assert.deepEqual(controls.values, { x: 0.05 }, "back at the start");
  }
  assert.deepEqual(controls.moved, []);
  assert.deepEqual(told, []);
});

test("a whole number from a link has no decimals", () => {
  const { controls } = made("number", { [BOX]: { min: "1", max: "9", step: "1", value: "3" } });
  assert.equal(controls.take(new Map([["x", "2.5"]])), 1);
  assert.equal(controls.take(new Map([["x", "4"]])), 0);
  assert.deepEqual(controls.values, { x: 4 });
});

test("settings a demo does not have are counted, and the others go back to their start", () => {
  const { controls, element } = made("toggle", { input: { checked: true } });
  element("input").checked = false;
  assert.deepEqual(controls.moved, [["x", "off"]]);
  const unknown = new Map([["__proto__", "1"]]).set("constructor", "2");
  assert.equal(controls.take(unknown), 2);
  assert.deepEqual(controls.values, { x: true });
});

test("a toggle is taken as on or off", () => {
  const { controls } = made("toggle", { input: { checked: true } });
  assert.equal(controls.take(new Map([["x", "off"]])), 0);
  assert.deepEqual(controls.values, { x: false });
  assert.equal(controls.take(new Map([["x", "yes"]])), 1);
});

test("a seed is taken if presses could have come to it", () => {
  const { controls, element } = made("seed", { button: {}, "output span": { textContent: "7" } });
  assert.equal(controls.take(new Map([["x", "9"]])), 0);
  element("button").dispatchEvent(new Event("click"));
  assert.deepEqual(controls.values, { x: 10 });
  for (const text of ["6", "8.5", "-1", "4294967296"]) {
    assert.equal(controls.take(new Map([["x", text]])), 1, text);
  }
  assert.equal(element("output span").textContent, "7");
});

test("a text is taken as it is, unless it is too long or no line", () => {
  const { controls, element, told } = made("text", { input: { value: "Paris", maxLength: 20 } });
  const markup = "<img src=x>";
  assert.equal(controls.take(new Map([["x", markup]])), 0);
  assert.deepEqual(controls.values, { x: markup });
  assert.equal(element("input").value, markup);
  for (const text of ["x".repeat(21), "a\nb"]) {
    assert.equal(controls.take(new Map([["x", text]])), 1);
  }
  assert.deepEqual(controls.values, { x: "Paris" });
  assert.deepEqual(told, []);
});

test("a setting is told in words, as the page shows it", () => {
  const words = (kind: string, label: string, start: string) => {
    const parts = { input: { value: start }, [BOX]: { value: start, min: "-9", max: "9" } };
    const { controls } = made(kind, { ...parts, "label, legend": { textContent: label } });
    return controls.settings(controls.values)[0]?.words;
  };
  assert.equal(words("number", "Learning rate", "-0.5"), "learning rate −0.5");
  assert.equal(words("number", "GPT width", "4"), "GPT width 4");
  assert.equal(words("number", "Input 1", "4"), "input 1: 4");
  assert.equal(words("toggle", "Add a bias", ""), "add a bias: off");
  assert.equal(words("text", "A word", "Paris"), "a word “Paris”");
});
