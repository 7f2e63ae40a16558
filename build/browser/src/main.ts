/** Registers the elements. Each enhances itself when it connects, so pages swapped in work too. */

import { enhanceCell } from "./cell.js";
import { LiveChart } from "./chart.js";
import { enhanceDemo } from "./demo.js";
import { addressIn } from "./dom.js";
import { enhanceExercise } from "./exercise.js";
import { enhanceQuestion } from "./question.js";
import { whenNear } from "./near.js";
import { runtimeAt } from "./runtime.js";
import { enhanceTeachBack } from "./teachback.js";
import { completeTheme } from "./theme.js";

type Enhance = (element: HTMLElement, signal: AbortSignal) => void | Promise<void>;

/** An element that is enhanced while it is in the page, and let go when it leaves. */
function elementThat(enhance: Enhance): CustomElementConstructor {
  return class extends HTMLElement {
    #life: AbortController | null = null;

    connectedCallback(): void {
      if (this.#life) return;
      this.#life = new AbortController();
      void enhance(this, this.#life.signal);
    }

    disconnectedCallback(): void {
      this.#life?.abort();
      this.#life = null;
    }
  };
}

const elements: Record<string, Enhance> = {
  "cw-cell": enhanceCell,
  "cw-demo": enhanceDemo,
  "cw-exercise": enhanceExercise,
  "cw-question": enhanceQuestion,
  "cw-teach-back": enhanceTeachBack,
  "cw-cards": (root, signal) =>
    whenNear(root, signal, () => {
      void import("./state/cards.js").then(({ cards }) => cards(root, signal));
    }),
  "cw-lesson": async (root, signal) => (await import("./state/progress.js")).progress(root, signal),
  "cw-reader": async (root, signal) => (await import("./state/home.js")).home(root, signal),
  "cw-offline": async (root, signal) => (await import("./offline/panel.js")).offline(root, signal),
  "cw-data": async (root, signal) => (await import("./state/data.js")).data(root, signal),
  "cw-check": async (element, signal) =>
    (await import("./check.js")).check(element, signal, LiveChart),
  "cw-suite": async (element) => {
    const runtime = runtimeAt(addressIn(element, "runtime"));
    await (await import("./suite.js")).suite(runtime, element.dataset["jobs"] ?? "");
  },
};

for (const [name, enhance] of Object.entries(elements)) {
  if (!customElements.get(name)) customElements.define(name, elementThat(enhance));
}

completeTheme();

/** Once the page is there and nothing else is to be done. */
async function whenQuiet(): Promise<void> {
  if (document.readyState !== "complete") {
    await new Promise((done) => addEventListener("load", done, { once: true }));
  }
  const soon = globalThis.requestIdleCallback ?? ((act: () => void) => setTimeout(act, 500));
  await new Promise<unknown>((done) => soon(done));
}

if (document.querySelector('meta[name="coursewright-offline"]') && "serviceWorker" in navigator) {
  void whenQuiet()
    .then(() => import("./offline/register.js"))
    .then(({ keepOffline, siteRoot }) => keepOffline(siteRoot()!))
    .catch(() => {}); // the page needs none of it
}
