/** `sw.js` of a course that is not kept: it ends an earlier one, with all that it kept, and itself. */

import { type Builds, ENDED, type Told, type WorkerScope } from "./events.js";
import { cacheName } from "./shelf.js";

declare const self: WorkerScope;

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener("activate", (event) => event.waitUntil(end()));
self.addEventListener("message", ({ data, ports }) => {
  if ((data as Told).type !== "builds") return;
  ports[0]?.postMessage({ build: ENDED, page: null } satisfies Builds);
});

async function end(): Promise<void> {
  await caches.delete(cacheName(new URL(self.registration.scope))).catch(() => false);
  await self.registration.unregister();
}
