/**
 * HTML that a reader's code shows: in a frame of an opaque origin where no script runs, never in
 * the page. Nothing can look inside such a frame, so its height follows from what it is given.
 */

import { h } from "./dom.js";
import { say, words } from "./say.js";

export const HTML = "text/html";

const LINE = 38; // pixels, about a row of a table
const MARGIN = 24;
const LEAST = 60;
const MOST = 420;
const LINES = /<(?:tr|p|li|h[1-6]|br|div|dt|dd|hr|img|summary)\b/gi;
const PREFORMATTED = /<pre\b.*?<\/pre/gis;

export class Framed {
  readonly #frame = h("iframe", { sandbox: "", title: say("output.frame"), class: "cw-framed" });
  #html = "";

  constructor(slot: HTMLElement, signal: AbortSignal) {
    const schemes = new MutationObserver(() => this.#load());
    schemes.observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
    signal.addEventListener("abort", () => schemes.disconnect());
    slot.replaceChildren(this.#frame);
  }

  show(html: string): void {
    if (html === this.#html) return;
    this.#html = html;
    this.#frame.height = String(heightOf(html));
    this.#load();
  }

  #load(): void {
    const scheme = document.body.dataset["mdColorScheme"] ?? "default";
    this.#frame.srcdoc = documentOf(this.#html, scheme, ownStyles());
  }
}

/** The whole document of a frame. The page's policy holds in it, too: only our styles apply. */
export function documentOf(html: string, scheme: string, styles: string[]): string {
  const links = styles.map((url) => `<link rel="stylesheet" href="${escaped(url)}">`).join("");
  const body = `<body class="md-typeset cw-html" data-md-color-scheme="${escaped(scheme)}">`;
  return `<!doctype html><html lang="${words.language}"><head><meta charset="utf-8">${links}</head>${body}${html}`;
}

/** About as high as it takes to show everything, up to where a reader would rather scroll. */
export function heightOf(html: string): number {
  const preformatted = html.match(PREFORMATTED)?.join("").split("\n").length ?? 0;
  const lines = Math.max(html.match(LINES)?.length ?? 0, 1) + preformatted;
  return Math.min(Math.max(lines * LINE + MARGIN, LEAST), MOST);
}

function ownStyles(): string[] {
  const links = document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]');
  return Array.from(links, (link) => link.href).filter((url) => url.includes("/coursewright-"));
}

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
