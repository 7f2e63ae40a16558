/** IndexedDB as one table of records, all courses of this address in it: `course/name` → record. */

export const DATABASE = "coursewright";
/** Of the database and of exported files. A newer one is left alone. */
export const SCHEMA = 1;

const TABLE = "reader";
const PATIENCE_MILLISECONDS = 4000; // some browsers never answer where storage is blocked

/** Where records are put. Each method throws where the browser has no room, or lets none be used. */
export interface Place {
  load(): Promise<[name: string, record: unknown][]>;
  /** All of the changes or none; null removes. Of two writes the later one holds. */
  write(changes: ReadonlyMap<string, object | null>): Promise<void>;
}

/** One course's part of the database. It is opened when it is needed, again after a failure. */
export class Database implements Place {
  readonly #prefix: string;
  #opening: Promise<IDBDatabase> | null = null;

  constructor(course: string) {
    this.#prefix = `${course}/`;
  }

  async load(): Promise<[string, unknown][]> {
    const table = (await this.#open()).transaction(TABLE).objectStore(TABLE);
    const [keys, values] = await Promise.all([
      answer(table.getAllKeys(this.#range)),
      answer(table.getAll(this.#range)),
    ]);
    return keys.map((key, i) => [String(key).slice(this.#prefix.length), values[i]]);
  }

  /** The record of a name, or undefined. */
  async get(name: string): Promise<unknown> {
    const table = (await this.#open()).transaction(TABLE).objectStore(TABLE);
    return answer<unknown>(table.get(this.#prefix + name));
  }

  async names(): Promise<string[]> {
    const table = (await this.#open()).transaction(TABLE).objectStore(TABLE);
    const keys = await answer(table.getAllKeys(this.#range));
    return keys.map((key) => String(key).slice(this.#prefix.length));
  }

  async write(changes: ReadonlyMap<string, object | null>): Promise<void> {
    const transaction = (await this.#open()).transaction(TABLE, "readwrite");
    const table = transaction.objectStore(TABLE);
    const ended = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error("not stored"));
    });
    ended.catch(() => undefined); // should a change throw, that is the one failure to tell
    for (const [name, record] of changes) {
      if (record) table.put(record, this.#prefix + name);
      else table.delete(this.#prefix + name);
    }
    transaction.commit(); // also should the page be left now
    await ended;
  }

  get #range(): IDBKeyRange {
    return IDBKeyRange.bound(this.#prefix, `${this.#prefix}\uffff`);
  }

  #open(): Promise<IDBDatabase> {
    this.#opening ??= withPatience(opened()).then(
      (database) => {
        const over = () => (this.#opening = null);
        database.onclose = over;
        database.onversionchange = () => (over(), database.close()); // a newer page needs it
        return database;
      },
      (error: unknown) => {
        this.#opening = null;
        throw error;
      },
    );
    return this.#opening;
  }
}

async function opened(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, SCHEMA);
  request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
  return answer(request);
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("no answer"));
  });
}

function withPatience<T>(promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error("the browser's storage does not answer"));
    const timer = setTimeout(late, PATIENCE_MILLISECONDS);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
