/**
 * The service worker, `sw.js`: what was visited, or saved as a whole, is there without a network.
 *
 * It belongs to one build. Every page gets files of one build only: which one, is noted when it is
 * opened; a file that the server has in another version by now is refused, never mixed in. A page
 * that is not known here, or a request that no build has, goes to the network as if this did not
 * exist. Workbox has the strategies, `offline.json` the hashes.
 */

import { CacheFirst, NetworkFirst } from "workbox-strategies";
import type { AskedEvent, Builds, Told, ToldEvent, WorkerScope } from "./events.js";
import { type Entry, entryFor, fetchPlan, lacksSlash, type Plan } from "./plan.js";
import { NotSaved, saveAll, saveSeen, take } from "./save.js";
import { cacheName, checked, isMarked, Shelf } from "./shelf.js";

declare const self: WorkerScope;

const PATIENCE_SECONDS = 4;
const BUILD = self.coursewrightBuild;
const scope = new URL(self.registration.scope);
const plans = new Map<string, Promise<Plan | null>>();
const builds = new Map<string, string | null>();

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => event.waitUntil(hear(event)));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const ours = request.method === "GET" && new URL(request.url).origin === scope.origin;
  const past = request.cache === "no-store" || request.cache === "reload";
  if (!ours || request.headers.has("range")) return;
  const answering = request.mode === "navigate" ? page : past ? null : part;
  // Whatever goes wrong here, the network may still have an answer.
  if (answering) event.respondWith(answering(event).catch(() => fetch(request)));
});

async function install(): Promise<void> {
  const plan = await fetchPlan(scope);
  if (plan.build !== BUILD) throw new Error("the site is being replaced; later, then");
  const shelf = await Shelf.open(scope);
  if (await savedBeside(plan, shelf)) return; // it waits until the reader says so, or has left
  await saveSeen(plan, shelf, scope);
  await shelf.keepPlan(plan).catch(() => {}); // no room: it is asked for again
  await self.skipWaiting(); // open pages keep their build
}

/** Saves this build if an earlier one was saved. Without room for both nothing is saved any more. */
async function savedBeside(plan: Plan, shelf: Shelf): Promise<boolean> {
  if ((await shelf.saved()).length === 0) return false;
  try {
    await saveAll(plan, shelf, scope);
    return true;
  } catch (error) {
    if (!(error instanceof NotSaved) || error.why !== "room") throw error;
    await shelf.unsetSaved();
    return false;
  }
}

async function activate(): Promise<void> {
  const open = await self.clients.matchAll({ includeUncontrolled: true, type: "all" });
  await (await Shelf.open(scope)).tidy(BUILD, new Set(open.map(({ id }) => id)));
}

async function hear({ data, ports, source }: ToldEvent): Promise<void> {
  const told = data as Told;
  if (told.type === "take-over") await self.skipWaiting();
  if (told.type === "builds") {
    const page = source ? await buildOf(source.id) : null;
    ports[0]?.postMessage({ build: BUILD, page } satisfies Builds);
  }
  if (told.type === "visited") await keepVisited(told.urls);
}

/** A page that came before this worker tells what it has loaded. */
async function keepVisited(urls: string[]): Promise<void> {
  const plan = await planOf(BUILD);
  const shelf = await Shelf.open(scope);
  for (const url of urls) {
    const entry = plan && entryFor(plan, scope, new URL(url));
    if (entry) await take(entry, shelf, scope, "force-cache").catch(() => false);
  }
}

async function page(event: AskedEvent): Promise<Response> {
  const url = new URL(event.request.url);
  const plan = await planOf(BUILD).catch(() => null);
  const entry = plan && entryFor(plan, scope, url);
  if (!entry) {
    if (plan && lacksSlash(plan, scope, url)) return Response.redirect(`${url.pathname}/`);
    return fetch(event.request).catch(() => notKept());
  }
  if (!(await note(event, BUILD))) {
    // Nobody would know later of which build this page is: all of it is left to the network.
    const there = await fetch(event.request).catch(() => null);
    if (there) return (builds.set(event.resultingClientId, null), there);
  }
  const saved = (await (await Shelf.open(scope)).saved()).includes(BUILD);
  const response = await answer(event, entry, saved).catch(() => notKept());
  if (!isMarked(response, entry)) await note(event, null);
  return response;
}

async function part(event: AskedEvent): Promise<Response> {
  const build = await buildOf(event.clientId);
  const plan = build === null ? null : await planOf(build).catch(() => null);
  const entry = plan && entryFor(plan, scope, new URL(event.request.url));
  if (!plan || !entry) return fetch(event.request);
  await note(event, build);
  const response = await answer(event, entry, true);
  if (entry.fixed || isMarked(response, entry)) return response;
  // Some hosts change files on their way; that is theirs to answer for, and another build is not.
  const there = await fetchPlan(scope).catch(() => plan);
  if (there.build === plan.build) return response;
  void self.registration.update().catch(() => {});
  return Response.error();
}

/** From the shelf or from the network, and onto the shelf if it is what the build has there. */
async function answer(event: AskedEvent, entry: Entry, shelfFirst: boolean): Promise<Response> {
  const shelf = await Shelf.open(scope);
  const keeping = {
    cacheKeyWillBeUsed: async () => shelf.addressOf(entry),
    fetchDidSucceed: async ({ response }: { response: Response }) =>
      entry.fixed ? response : ((await checked(response.clone(), entry)) ?? response),
    cacheWillUpdate: async ({ response }: { response: Response }) =>
      isMarked(response, entry) ? response : checked(response, entry),
  };
  const options = { cacheName: cacheName(scope), plugins: [keeping] };
  const strategy = shelfFirst
    ? new CacheFirst(options)
    : new NetworkFirst({ ...options, networkTimeoutSeconds: PATIENCE_SECONDS });
  const asked = { event: event as never, request: event.request };
  const [response, kept] = strategy.handleAll(asked);
  event.waitUntil(kept.catch(() => {})); // no room: what came is answered with all the same
  return response;
}

/** Which build a page or worker that is being opened is of; false where there is no room for it. */
async function note({ resultingClientId: id }: AskedEvent, build: string | null): Promise<boolean> {
  if (!id) return true;
  builds.set(id, build);
  const noting = Shelf.open(scope).then((shelf) => shelf.setBuildOf(id, build));
  return noting.then(
    () => true,
    () => false,
  );
}

async function buildOf(client: string): Promise<string | null> {
  const known = builds.get(client);
  if (known !== undefined || !client) return known ?? null;
  const found = await Shelf.open(scope).then(
    (shelf) => shelf.buildOf(client),
    () => null,
  );
  builds.set(client, found);
  return found;
}

function planOf(build: string): Promise<Plan | null> {
  const plan = plans.get(build) ?? readPlan(build);
  plans.set(build, plan);
  void plan.then(
    (found) => found ?? plans.delete(build),
    () => plans.delete(build),
  );
  return plan;
}

async function readPlan(build: string): Promise<Plan | null> {
  const shelf = await Shelf.open(scope);
  const kept = await shelf.plan(build);
  if (kept) return kept;
  const there = await fetchPlan(scope); // the browser may have thrown its copy away
  return there.build === build ? there : null;
}

const NOT_KEPT = `<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>No connection</title>
<h1>No connection</h1>
<p>Without one there is only what was visited before, or saved for offline.</p>`;

function notKept(): Response {
  const link = `<p><a href="${scope.pathname}">To the start page</a></p>`;
  const headers = { "content-type": "text/html; charset=utf-8" };
  return new Response(NOT_KEPT + link, { status: 503, headers });
}
