/**
 * Renders maths at build time. Reads JSON lines {"tex", "display", "macros"} from standard input,
 * writes one JSON line {"html"} or {"error"} for each, in order.
 */

import { createInterface } from "node:readline";
import katex from "katex";

const trust = ({ command }) => {
  if (command === "\\htmlClass") return true;
  throw new Error(`${command} is not allowed in a formula`);
};
// `strict` refuses what LaTeX would not take, but \htmlClass is an extension of KaTeX itself.
const strict = (code) => (code === "htmlExtension" ? "ignore" : "error");

function render(line) {
  try {
    const { tex, display = false, macros = {} } = JSON.parse(line);
    const options = { displayMode: display, macros, output: "htmlAndMathml", trust, strict };
    return { html: katex.renderToString(tex, { ...options, throwOnError: true }) };
  } catch (error) {
    return { error: error.message };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim()) process.stdout.write(`${JSON.stringify(render(line))}\n`);
}
