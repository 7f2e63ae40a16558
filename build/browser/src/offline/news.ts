/** One quiet line: a newer version of the course is there. */

import { h } from "../dom.js";
import { say } from "../say.js";

export function tellOfNews(reload: () => void): void {
  if (document.querySelector(".cw-news")) return;
  const now = h("button", { type: "button", class: "cw-textual" }, [say("offline.reload")]);
  const later = h("button", { type: "button", class: "cw-textual" }, [say("offline.later")]);
  const said = h("p", { role: "status" });
  const box = h("div", { class: "cw-not-saved cw-news" }, [said, now, later]);
  now.addEventListener("click", reload);
  later.addEventListener("click", () => (box.hidden = true));
  document.body.append(box);
  said.textContent = say("offline.news"); // now that it is in the page, it is announced
}
