/** <cw-offline>: the whole course, Python included, saved in this browser; and taken away again. */

import { h } from "../dom.js";
import { fetchPlan, type Plan } from "./plan.js";
import { activeWorker, siteRoot } from "./register.js";
import { NotSaved, saveAll } from "./save.js";
import { Shelf } from "./shelf.js";
import { refusal } from "./refusal.js";
import { megabytes, say } from "../say.js";

export async function offline(root: HTMLElement, signal: AbortSignal): Promise<void> {
  const said = h("p", { role: "status", class: "cw-data-said" });
  const site = siteRoot();
  if (!site) return root.replaceChildren(h("p", {}, [say("offline.preview")]));
  if (!isSecureContext) return root.replaceChildren(h("p", {}, [say("offline.insecure")]));
  const shelf = await opened(site);
  if (signal.aborted) return;
  if (!shelf) return root.replaceChildren(h("p", {}, [refusal(new NotSaved("denied"), 0)]));
  await new Panel(root, said, site, shelf, signal).show();
}

/** Null where the browser has no such storage, or lets none be used. */
async function opened(site: URL): Promise<Shelf | null> {
  try {
    await activeWorker(site);
    return await Shelf.open(site);
  } catch {
    return null;
  }
}

class Panel {
  constructor(
    private readonly root: HTMLElement,
    private readonly said: HTMLElement,
    private readonly site: URL,
    private readonly shelf: Shelf,
    private readonly signal: AbortSignal,
  ) {}

  /** What there is to do: take it away, or save it. */
  async show(): Promise<void> {
    const saved = (await this.shelf.saved()).length > 0;
    const plan = await fetchPlan(this.site).catch(() => null);
    if (this.signal.aborted) return;
    if (saved) {
      const remove = button(say("offline.remove"), () => void this.remove());
      return this.fill(
        h("p", {}, [say("offline.saved")]),
        h("div", { class: "cw-actions" }, [remove]),
      );
    }
    if (!plan) return this.fill(h("p", {}, [say("offline.unreachable")]));
    const words = say("offline.save", { megabytes: megabytes(plan.bytes) });
    const save = button(words, () => void this.save(plan));
    this.fill(h("div", { class: "cw-actions" }, [save]));
  }

  async save(plan: Plan): Promise<void> {
    const stopping = new AbortController();
    const bar = h("progress", {
      max: `${plan.bytes}`,
      value: "0",
      "aria-label": say("offline.progress"),
    });
    const count = h("span", { class: "cw-counted" });
    const stop = button(say("offline.stop"), () => stopping.abort());
    this.fill(bar, h("div", { class: "cw-actions" }, [count, stop]));
    this.said.textContent = say("offline.saving");
    stop.focus();
    const progress = (bytes: number) => {
      bar.value = bytes;
      const counted = { saved: megabytes(bytes), of: megabytes(plan.bytes) };
      count.textContent = say("offline.counted", counted);
    };
    const all = AbortSignal.any ? AbortSignal.any([stopping.signal, this.signal]) : stopping.signal;
    let words = say("offline.done");
    try {
      await expectRoom(plan);
      await saveAll(plan, this.shelf, this.site, progress, all);
      // Or the browser may forget it. Some ask the reader, who may never answer.
      void navigator.storage?.persist?.().catch(() => false);
    } catch (error) {
      words = stopping.signal.aborted ? say("offline.stopped") : refusal(error, plan.bytes);
    }
    await this.end(words);
  }

  async remove(): Promise<void> {
    await this.shelf.clear().catch(() => undefined);
    await this.end(say("offline.removed"));
  }

  private async end(words: string): Promise<void> {
    await this.show();
    if (this.signal.aborted) return;
    this.said.textContent = words;
    this.root.querySelector("button")?.focus();
  }

  private fill(...parts: HTMLElement[]): void {
    this.root.replaceChildren(...parts, this.said);
  }
}

/** Said before anything is loaded, where the browser tells how much room there is. */
async function expectRoom({ bytes }: Plan): Promise<void> {
  const { quota, usage } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
  if (quota !== undefined && quota - (usage ?? 0) < bytes) throw new NotSaved("room");
}

function button(words: string, act: () => void): HTMLButtonElement {
  const made = h("button", { type: "button", class: "cw-button" }, [words]);
  made.addEventListener("click", act);
  return made;
}
