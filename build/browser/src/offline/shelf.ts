/**
 * What is kept of a site in Cache Storage, in one cache for each address:
 *
 *     -/file/<sha-256>.<ending>   a file, by what it holds: builds share what did not change
 *     -/plan/<build>              the files of a build
 *     -/saved/<build>             that a build was saved as a whole
 *     -/page/<client>             the build an open page is of
 */

import { type Entry, entriesOf, isPlan, type Plan } from "./plan.js";

/** The hash of what a response holds, in every response that was found to be of a build. */
export const MARK = "x-coursewright-sha256";
/** These tell how a body came, not what it is; a kept one comes otherwise. */
const OF_THE_WAY = ["content-encoding", "content-length", "set-cookie", "vary"];

export const cacheName = (scope: URL) => `coursewright-offline ${scope.pathname}`;

/** A response that is what a plan promises, or null. */
export async function checked(response: Response, entry: Entry): Promise<Response | null> {
  if (!response.ok) return null;
  const body = await response.arrayBuffer();
  if ((await sha256(body)) !== entry.sha256) return null;
  const headers = new Headers(response.headers);
  OF_THE_WAY.forEach((name) => headers.delete(name));
  headers.set(MARK, entry.sha256);
  return new Response(body, { headers });
}

export const isMarked = (response: Response, entry: Entry) =>
  response.headers.get(MARK) === entry.sha256;

async function sha256(body: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Shelf {
  constructor(
    private readonly cache: Cache,
    private readonly scope: URL,
  ) {}

  /** Throws where the browser lets nothing be kept. */
  static async open(scope: URL): Promise<Shelf> {
    return new Shelf(await caches.open(cacheName(scope)), scope);
  }

  addressOf({ path, sha256 }: Entry): string {
    const ending = /\.[^./]*$/.exec(path)?.[0] ?? ""; // what is the same may be of two kinds
    return this.#address("file", `${sha256}${ending}`);
  }

  async has(entry: Entry): Promise<boolean> {
    return (await this.cache.match(this.addressOf(entry))) !== undefined;
  }

  /** Keeps a response that was checked; throws where there is no room. */
  keep(entry: Entry, response: Response): Promise<void> {
    return this.cache.put(this.addressOf(entry), response);
  }

  async forget(entries: Entry[]): Promise<void> {
    await Promise.all(entries.map((entry) => this.cache.delete(this.addressOf(entry))));
  }

  async plan(build: string): Promise<Plan | null> {
    const plan: unknown = await (await this.cache.match(this.#address("plan", build)))?.json();
    return isPlan(plan) ? plan : null;
  }

  keepPlan(plan: Plan): Promise<void> {
    return this.cache.put(this.#address("plan", plan.build), Response.json(plan));
  }

  async plans(): Promise<Plan[]> {
    const builds = (await this.#names()).filter(([kind]) => kind === "plan");
    const plans = await Promise.all(builds.map(([, build]) => this.plan(build)));
    return plans.filter((plan) => plan !== null);
  }

  /** The builds that were saved as a whole. */
  async saved(): Promise<string[]> {
    const marks = (await this.#names()).filter(([kind]) => kind === "saved");
    return marks.map(([, build]) => build);
  }

  setSaved(build: string): Promise<void> {
    return this.cache.put(this.#address("saved", build), new Response());
  }

  /** Says of no build any more that it is there as a whole. */
  async unsetSaved(): Promise<void> {
    await this.#delete((await this.saved()).map((build) => this.#address("saved", build)));
  }

  async buildOf(client: string): Promise<string | null> {
    return (await (await this.cache.match(this.#address("page", client)))?.text()) ?? null;
  }

  /** Throws where there is no room. Null: the page is of no build. */
  async setBuildOf(client: string, build: string | null): Promise<void> {
    const address = this.#address("page", client);
    if (build === null) await this.cache.delete(address);
    else await this.cache.put(address, new Response(build));
  }

  /** Lets go of pages that were closed, and of whatever only other builds than theirs have. */
  async tidy(build: string, open: ReadonlySet<string>): Promise<void> {
    const builds = new Set([build]);
    for (const client of open) builds.add((await this.buildOf(client)) ?? build);
    const plans = (await this.plans()).filter((plan) => builds.has(plan.build));
    const used = new Set([...builds].flatMap((each) => this.#marksOf(each)));
    for (const client of open) used.add(this.#address("page", client));
    for (const entry of plans.flatMap(entriesOf)) used.add(this.addressOf(entry));
    const all = (await this.#names()).map(([kind, name]) => this.#address(kind, name));
    await this.#delete(all.filter((address) => !used.has(address)));
  }

  /** Lets go of all files: nothing is saved any more. */
  async clear(): Promise<void> {
    await this.unsetSaved();
    const files = (await this.#names()).filter(([kind]) => kind === "file");
    await this.#delete(files.map(([kind, name]) => this.#address(kind, name)));
  }

  #marksOf(build: string): string[] {
    return [this.#address("plan", build), this.#address("saved", build)];
  }

  async #delete(addresses: string[]): Promise<void> {
    await Promise.all(addresses.map((address) => this.cache.delete(address)));
  }

  #address(kind: string, name: string): string {
    return new URL(`-/${kind}/${name}`, this.scope).href;
  }

  async #names(): Promise<[kind: string, name: string][]> {
    const start = new URL("-/", this.scope).href.length;
    return (await this.cache.keys()).map(({ url }) => {
      const [kind = "", name = ""] = url.slice(start).split("/");
      return [kind, name];
    });
  }
}
