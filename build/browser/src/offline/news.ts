/** One quiet line: a newer version of the course is there. */

import { h } from "../dom.js";

const WORDS = "There is a newer version of this course. What you did here is kept.";

export function tellOfNews(reload: () => void): void {
  if (document.querySelector(".cw-news")) return;
  const now = h("button", { type: "button", class: "cw-textual" }, ["Reload"]);
  const later = h("button", { type: "button", class: "cw-textual" }, ["Later"]);
  const said = h("p", { role: "status" });
  const box = h("div", { class: "cw-not-saved cw-news" }, [said, now, later]);
  now.addEventListener("click", reload);
  later.addEventListener("click", () => (box.hidden = true));
  document.body.append(box);
  said.textContent = WORDS; // now that it is in the page, it is announced
}
