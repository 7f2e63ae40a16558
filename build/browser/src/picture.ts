/** A picture Python shows, as an image: browsers run and load nothing inside one, SVG included. */

import { h } from "./dom.js";
import type { Bundle } from "./protocol.js";
import { say } from "./say.js";

export const SVG = "image/svg+xml";
export const PNG = "image/png";

/** The same as `pages/rich.py` bakes. */
export function picture(bundle: Bundle): HTMLImageElement | null {
  const { [SVG]: svg, [PNG]: png } = bundle;
  const text = String(bundle["text/plain"] ?? "");
  const alt = text === "" || text.startsWith("<") ? say("output.picture") : text.slice(0, 500);
  if (typeof svg === "string") {
    return h("img", { src: `data:${SVG},${encodeURIComponent(svg)}`, alt });
  }
  return typeof png === "string" ? h("img", { src: `data:${PNG};base64,${png}`, alt }) : null;
}
