/** One quiet line, once there is something that could not be saved. */

import { h } from "../dom.js";
import type { Store } from "./store.js";
import { say } from "../say.js";

export function tellWhenNotKept(store: Store): void {
  let asked = false;
  const always = new AbortController().signal;
  const tell = () => {
    if (store.keeps || asked || !someIsOurs(store)) return;
    asked = true;
    show();
  };
  store.watchAll(() => void store.settled().then(tell), always);
  store.watchKeeping(tell, always);
}

/** Nobody misses what they never wrote: which part they are at is not told for its own sake. */
const someIsOurs = (store: Store) => Array.from(store.all()).some(([{ kind }]) => kind !== "place");

function show(): void {
  const hide = h("button", { type: "button", class: "cw-textual" }, [say("state.hide")]);
  const said = h("p", { role: "status" });
  const box = h("div", { class: "cw-not-saved" }, [said, hide]);
  hide.addEventListener("click", () => box.remove());
  document.body.append(box);
  said.textContent = say("state.not-saved"); // now that it is in the page, it is announced
}
