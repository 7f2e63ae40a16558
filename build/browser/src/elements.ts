/** Builds DOM from the elements tree. The only place that makes nodes from what Python sent. */

import { isObject } from "./protocol.js";
import vocabulary from "./vocabulary.json"; // the generator reads the same list

export const ELEMENTS = "application/vnd.nudge.elements+json";

const TAGS = new Set(vocabulary.tags);
const ATTRIBUTES = new Set(vocabulary.attributes);
const CLASS = /^[a-z][a-z0-9 _-]*$/;
const DEPTH = 20;
const NODES = 5000;

/** The tree as a node. Text stays text; what is not on the list is dropped, with its content. */
export function build(tree: unknown, page: Document = document): Node | null {
  let left = NODES;

  function node(value: unknown, depth: number): Node | null {
    if (depth > DEPTH || left-- <= 0) return null;
    if (typeof value === "string") return page.createTextNode(value);
    return Array.isArray(value) ? element(value, depth) : null;
  }

  function element([tag, attributes, ...children]: unknown[], depth: number): Node | null {
    if (typeof tag !== "string" || !TAGS.has(tag)) return null;
    const made = page.createElement(tag);
    if (isObject(attributes)) setAttributes(made, attributes);
    for (const child of children) {
      const built = node(child, depth + 1);
      if (built) made.append(built);
    }
    return made;
  }

  return node(tree, 0);
}

function setAttributes(element: HTMLElement, attributes: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value !== "string" || !ATTRIBUTES.has(name)) continue;
    if (name === "class" && !CLASS.test(value)) continue;
    element.setAttribute(name, value);
  }
}
