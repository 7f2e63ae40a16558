/** The service worker's side of the browser, as far as it is used: TypeScript has it apart from DOM. */

export interface LongEvent extends Event {
  waitUntil(done: Promise<unknown>): void;
}

export interface AskedEvent extends LongEvent {
  readonly request: Request;
  readonly clientId: string;
  readonly resultingClientId: string;
  respondWith(answer: Promise<Response>): void;
}

export interface ToldEvent extends LongEvent {
  readonly data: unknown;
  readonly ports: readonly MessagePort[];
  readonly source: { readonly id: string } | null;
}

interface Events {
  install: LongEvent;
  activate: LongEvent;
  fetch: AskedEvent;
  message: ToldEvent;
}

export interface WorkerScope {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    matchAll(options: { includeUncontrolled: boolean; type: "all" }): Promise<{ id: string }[]>;
  };
  /** Set by the line that the build puts before this script. */
  readonly coursewrightBuild: string;
  skipWaiting(): Promise<void>;
  addEventListener<K extends keyof Events>(type: K, act: (event: Events[K]) => void): void;
}

/** What a page tells the worker. */
export type Told =
  | { type: "builds" } // answered on the port: `Builds`
  | { type: "take-over" }
  | { type: "visited"; urls: string[] };

/** The build of a worker that ended: a page that it still has is one of an earlier worker's. */
export const ENDED = "none";

/** The worker's build, and that of the page that asks, if the worker gave it. */
export interface Builds {
  build: string;
  page: string | null;
}
