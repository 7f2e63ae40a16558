import assert from "node:assert/strict";
import { test } from "node:test";
import { build } from "../src/elements.js";

/** As much of a document as the builder uses; nodes print themselves as markup. */
class FakeElement {
  #attributes = "";
  readonly #children: unknown[] = [];
  constructor(private readonly tag: string) {}
  append(child: unknown): void {
    this.#children.push(child);
  }
  setAttribute(name: string, value: string): void {
    this.#attributes += ` ${name}="${value}"`;
  }
  toString(): string {
    return `<${this.tag}${this.#attributes}>${this.#children.join("")}</${this.tag}>`;
  }
}

const page = {
  createElement: (tag: string) => new FakeElement(tag),
  createTextNode: (text: string) => text.replaceAll("<", "&lt;"),
} as unknown as Document;

const built = (tree: unknown) => String(build(tree, page));

test("a tree becomes nested elements with their text", () => {
  const tree = ["div", { class: "figure" }, ["strong", {}, "0.69"], " nats"];
  assert.equal(built(tree), '<div class="figure"><strong>0.69</strong> nats</div>');
});

test("markup in text stays text", () => {
  assert.equal(built(["p", {}, "<img src=x>"]), "<p>&lt;img src=x></p>");
});

test("unknown tags are dropped with their content", () => {
  assert.equal(built(["p", {}, "a", ["script", {}, "alert(1)"], "b"]), "<p>ab</p>");
  for (const tag of ["a", "img", "style", "iframe", "svg", "button"]) {
    assert.equal(built([tag, {}, "x"]), "null");
  }
});

test("attributes outside the list are dropped", () => {
  const attributes = { onclick: "x()", style: "color:red", id: "a", href: "b", scope: "col" };
  assert.equal(built(["th", attributes, "x"]), '<th scope="col">x</th>');
});

test("attributes that are not text and classes with odd characters are dropped", () => {
  assert.equal(built(["td", { colspan: 2, class: "A{}" }, "x"]), "<td>x</td>");
});

test("what is no node is dropped", () => {
  assert.equal(built(["p", {}, 1, null, {}, [], [1, {}], "x"]), "<p>x</p>");
});

test("a tree too deep is cut off", () => {
  let tree: unknown = "deep";
  for (let depth = 0; depth < 100; depth++) tree = ["div", {}, tree];
  assert.doesNotMatch(built(tree), /deep/);
});

test("a tree too large is cut off", () => {
  const items = Array.from({ length: 20_000 }, () => ["li", {}, "x"]);
  assert.ok(built(["ul", {}, ...items]).split("<li>").length < 5000);
});
