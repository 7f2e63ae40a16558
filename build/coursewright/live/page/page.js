/**
 * What the author's server adds to every page: it shows at once what a save has changed, or what it
 * made wrong. Served as it stands here, so that it works also while the browser side does not.
 *
 * @typedef {{file: string, line: number, column: number, path: string, message: string,
 *   fix: string}} Problem
 * @typedef {{before: string, version: string, pages: string[] | null, wrong: string,
 *   problems: Problem[]}} News what came of a build; `pages` is null if everything may have changed
 */

import { hideWrong, showWrong } from "./overlay.js";
import { renewDemos } from "./sheet.js";
import { renewArticle } from "./swap.js";

const here = location.pathname.slice(1).replace(/index\.html$/, "");
const tag = document.querySelector('script[src="/__live/page.js"]');
let version = tag instanceof HTMLElement ? tag.dataset["version"] : "";

const styles = document.createElement("link");
styles.rel = "stylesheet";
styles.href = "/__live/page.css";
document.head.append(styles);

/** @param {News} news */
async function take(news) {
  if (news.pages === null || news.before !== version) return location.reload();
  version = news.version;
  if (news.wrong) return showWrong(news.wrong, news.problems);
  hideWrong();
  if (news.pages.includes(here)) await renewArticle();
  renewDemos(news.pages);
}

const events = new EventSource("/__live/events");
let done = Promise.resolve();
events.onmessage = ({ data }) => {
  done = done.then(() => take(JSON.parse(data))); // one after the other
};
addEventListener("pagehide", () => events.close());
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
