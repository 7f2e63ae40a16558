/**
 * Memory snapshots in Cache Storage: one, for one build and one browser version.
 * Storage may be denied, full or absent; then there simply is no snapshot.
 */

export interface SnapshotStore {
  load(): Promise<Blob | null>;
  save(bytes: ArrayBuffer): Promise<boolean>;
  drop(): Promise<void>;
}

export function snapshotStore(base: URL, build: string): SnapshotStore {
  const name = `coursewright-snapshot ${base.pathname}`;
  // A snapshot holds the state of one engine's WebAssembly: another browser version, another key.
  const key = new URL(`snapshot-${build}?${encodeURIComponent(navigator.userAgent)}`, base);

  async function load(): Promise<Blob | null> {
    const response = await (await caches.open(name)).match(key);
    return response ? await response.blob() : null;
  }

  async function save(bytes: ArrayBuffer): Promise<boolean> {
    await caches.delete(name);
    await (await caches.open(name)).put(key, new Response(bytes));
    return true;
  }

  async function drop(): Promise<void> {
    await caches.delete(name);
  }

  return {
    load: () => unless(load, null),
    save: (bytes) => unless(() => save(bytes), false),
    drop: () => unless(drop, undefined),
  };
}

/** The result, or `otherwise` when storage refuses. */
async function unless<T>(attempt: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await attempt();
  } catch {
    return otherwise;
  }
}
