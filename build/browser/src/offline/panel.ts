/** <cw-offline>: the whole course, Python included, saved in this browser; and taken away again. */

import { h } from "../dom.js";
import { megabytes } from "../words.js";
import { fetchPlan, type Plan } from "./plan.js";
import { activeWorker, siteRoot } from "./register.js";
import { NotSaved, saveAll } from "./save.js";
import { Shelf } from "./shelf.js";
import { refusal, WORDS } from "./words.js";

export async function offline(root: HTMLElement, signal: AbortSignal): Promise<void> {
  const said = h("p", { role: "status", class: "cw-data-said" });
  const site = siteRoot();
  if (!site) return root.replaceChildren(h("p", {}, [WORDS.preview]));
  if (!isSecureContext) return root.replaceChildren(h("p", {}, [WORDS.insecure]));
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
      const remove = button("Remove the saved copy", () => void this.remove());
      return this.fill(h("p", {}, [WORDS.saved]), h("div", { class: "cw-actions" }, [remove]));
    }
    if (!plan) return this.fill(h("p", {}, [WORDS.unreachable]));
    const words = `Save for offline (${megabytes(plan.bytes)} MB)`;
    const save = button(words, () => void this.save(plan));
    this.fill(h("div", { class: "cw-actions" }, [save]));
  }

  async save(plan: Plan): Promise<void> {
    const stopping = new AbortController();
    const bar = h("progress", { max: `${plan.bytes}`, value: "0", "aria-label": "Saved" });
    const count = h("span", { class: "cw-counted" });
    const stop = button("Stop", () => stopping.abort());
    this.fill(bar, h("div", { class: "cw-actions" }, [count, stop]));
    this.said.textContent = "Saving …";
    stop.focus();
    const progress = (bytes: number) => {
      bar.value = bytes;
      count.textContent = `${megabytes(bytes)} of ${megabytes(plan.bytes)} MB`;
    };
    const all = AbortSignal.any ? AbortSignal.any([stopping.signal, this.signal]) : stopping.signal;
    let words = "Saved.";
    try {
      await expectRoom(plan);
      await saveAll(plan, this.shelf, this.site, progress, all);
      // Or the browser may forget it. Some ask the reader, who may never answer.
      void navigator.storage?.persist?.().catch(() => false);
    } catch (error) {
      words = stopping.signal.aborted ? WORDS.stopped : refusal(error, plan.bytes);
    }
    await this.end(words);
  }

  async remove(): Promise<void> {
    await this.shelf.clear().catch(() => undefined);
    await this.end("The saved copy was removed.");
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
