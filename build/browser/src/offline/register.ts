/** The page's side: registers the worker, and tells when a newer version of the course is there. */

import { type Builds, ENDED, type Told } from "./events.js";
import { tellOfNews } from "./news.js";

let registered: Promise<ServiceWorkerRegistration> | null = null;

/** Where the site's root is, as the page says; null if the site is not kept for offline. */
export function siteRoot(): URL | null {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="coursewright-offline"]');
  return meta ? new URL(meta.content, document.baseURI) : null;
}

/** Throws where the browser has no such workers, or lets none be registered. */
export function register(site: URL): Promise<ServiceWorkerRegistration> {
  registered ??= navigator.serviceWorker.register(new URL("sw.js", site), { scope: site.href });
  return registered;
}

/** The worker at work; rejects if the one that was to begin gave up. */
export async function activeWorker(site: URL): Promise<ServiceWorker> {
  const registration = await register(site);
  const coming = registration.active ?? registration.waiting ?? registration.installing!;
  await new Promise<void>((done, fail) => {
    const look = () => {
      if (coming.state === "activated" || coming.state === "activating") done();
      if (coming.state === "redundant") fail(new Error("the worker could not be installed"));
    };
    coming.addEventListener("statechange", look);
    look();
  });
  return coming;
}

/** Everything for a page that was loaded; it needs none of it. */
export async function keepOffline(site: URL): Promise<void> {
  const { controller } = navigator.serviceWorker;
  const ours = controller?.scriptURL === new URL("sw.js", site).href; // or that of a site above
  const told = ours ? await ask(controller) : null;
  if (told?.build === ENDED) return tellOfNews(() => location.reload());
  const registration = await register(site);
  if (told) watch(registration, told.page);
  else reportVisited(await activeWorker(site));
}

/** The worker that comes after this page tells what to keep of it. */
function reportVisited(worker: ServiceWorker): void {
  const report = (urls: string[]) => worker.postMessage({ type: "visited", urls } satisfies Told);
  report([location.href]);
  new PerformanceObserver((list) => report(list.getEntries().map(({ name }) => name))).observe({
    type: "resource",
    buffered: true,
  });
}

/** A page of a build says when another one is ready or at work. A page of none is new already. */
function watch(registration: ServiceWorkerRegistration, mine: string | null): void {
  if (mine === null) return;
  const look = async () => {
    const newest = registration.waiting ?? registration.active;
    if (newest && (await ask(newest)).build !== mine) tellOfNews(() => reload(registration));
  };
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", () => void look());
  });
  navigator.serviceWorker.addEventListener("controllerchange", () => void look());
  void look();
}

function reload({ waiting }: ServiceWorkerRegistration): void {
  if (!waiting) return location.reload();
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
  waiting.postMessage({ type: "take-over" } satisfies Told);
}

/** What a worker says of itself and of this page. */
export function ask(worker: ServiceWorker): Promise<Builds> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((done) => {
    port1.onmessage = ({ data }) => done(data as Builds);
    worker.postMessage({ type: "builds" } satisfies Told, [port2]);
  });
}
