/**
 * Memory snapshots in Cache Storage: one for each address, of one build and one browser version.
 * Storage may be denied, full or absent; then there simply is no snapshot.
 */

const SMALL_MEMORY_GIGABYTES = 2;

export interface SnapshotStore {
  /** Whether making one is worth it: it can be kept, and there is memory for a second Python. */
  usable(): Promise<boolean>;
  load(): Promise<Blob | null>;
  save(bytes: ArrayBuffer): Promise<void>;
  drop(): Promise<void>;
}

export function snapshotStore(base: URL, build: string): SnapshotStore {
  const name = `coursewright-snapshot ${base.pathname}`;
  // A snapshot holds the state of one engine's WebAssembly: another browser version, another key.
  const key = new URL(`snapshot-${build}?${encodeURIComponent(navigator.userAgent)}`, base);

  return {
    usable: () => unless(async () => hasMemory() && (await caches.open(name)) !== null, false),
    load: () =>
      unless(async () => {
        const response = await (await caches.open(name)).match(key);
        return response ? await response.blob() : null;
      }, null),
    save: (bytes) =>
      unless(async () => {
        await caches.delete(name);
        await (await caches.open(name)).put(key, new Response(bytes));
      }, undefined),
    drop: () => unless(async () => void (await caches.delete(name)), undefined),
  };
}

function hasMemory(): boolean {
  const { deviceMemory } = navigator as Navigator & { deviceMemory?: number };
  return (deviceMemory ?? Infinity) > SMALL_MEMORY_GIGABYTES;
}

/** The result, or `otherwise` when storage refuses. */
async function unless<T>(attempt: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await attempt();
  } catch {
    return otherwise;
  }
}
