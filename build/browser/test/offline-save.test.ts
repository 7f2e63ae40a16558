import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { afterEach, test } from "node:test";
import { entriesOf, entryAt, type Plan } from "../src/offline/plan.js";
import { NotSaved, saveAll, saveSeen, type Why } from "../src/offline/save.js";
import { checked, isMarked, Shelf } from "../src/offline/shelf.js";
import { refusal } from "../src/offline/refusal.js";

const SCOPE = new URL("https://example.org/course/");
const realFetch = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = realFetch;
});

/** The browser's storage, which may be full or denied. */
class Drawer {
  readonly kept = new Map<string, Response>();
  refuses: "" | "QuotaExceededError" | "SecurityError" = "";
  room = Infinity;

  async match(address: string): Promise<Response | undefined> {
    return this.kept.get(address)?.clone();
  }

  async put(address: string, response: Response): Promise<void> {
    if (this.refuses || this.room-- <= 0) {
      throw new DOMException("no", this.refuses || "QuotaExceededError");
    }
    this.kept.set(address, response);
  }

  async delete(address: string): Promise<boolean> {
    return this.kept.delete(address);
  }

  async keys(): Promise<{ url: string }[]> {
    return Array.from(this.kept.keys(), (url) => ({ url }));
  }
}

const shelfIn = (drawer: Drawer) => new Shelf(drawer as unknown as Cache, SCOPE);
const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");

function planOf(build: string, texts: Record<string, string>): Plan {
  const files = Object.entries(texts).map(
    ([path, text]) => [path, [text.length, hashOf(text)]] as [string, [number, string]],
  );
  const bytes = Object.values(texts).reduce((sum, text) => sum + text.length, 0);
  return { build, bytes, files: Object.fromEntries(files) };
}

/** A host of a build's files; the addresses it was asked for. */
function hosting(texts: Record<string, string>, plan: Plan): string[] {
  const asked: string[] = [];
  globalThis.fetch = async (address) => {
    const path = decodeURIComponent(String(address).slice(SCOPE.href.length));
    asked.push(path);
    if (path === "offline.json") return Response.json(plan);
    const text = texts[path];
    return new Response(text ?? "nothing", { status: text === undefined ? 404 : 200 });
  };
  return asked;
}

const ONE = { "index.html": "one", "a b.js": "same", "old.js": "gone later" };
const TWO = { "index.html": "two", "a b.js": "same", "new.js": "came later" };
const FIRST = planOf("b1", ONE);
const SECOND = planOf("b2", TWO);

test("a response is marked if it is what the build promises, and no other one", async () => {
  const entry = entryAt(FIRST, "index.html")!;
  const headers = { "content-type": "text/html", "content-encoding": "gzip", vary: "Cookie" };
  const good = await checked(new Response("one", { headers }), entry);
  assert.ok(good && isMarked(good, entry));
  assert.equal(await good.text(), "one");
  assert.equal(good.headers.get("content-type"), "text/html");
  assert.equal(good.headers.get("content-encoding"), null, "the body came unpacked");
  assert.equal(good.headers.get("vary"), null);
  assert.equal(await checked(new Response("two"), entry), null);
  assert.equal(await checked(new Response("one", { status: 404 }), entry), null);
});

test("saving keeps every file once, tells how far it is, and then says so", async () => {
  const shelf = shelfIn(new Drawer());
  const asked = hosting(ONE, FIRST);
  const told: number[] = [];
  assert.deepEqual(await shelf.saved(), []);
  await saveAll(FIRST, shelf, SCOPE, (bytes) => told.push(bytes));
  assert.deepEqual(asked.sort(), Object.keys(ONE).sort());
  assert.equal(told.at(-1), FIRST.bytes);
  assert.deepEqual(await shelf.saved(), ["b1"]);
  assert.deepEqual(await shelf.plan("b1"), FIRST);
});

test("the next build fetches what has changed, beside the earlier one", async () => {
  const shelf = shelfIn(new Drawer());
  hosting(ONE, FIRST);
  await saveAll(FIRST, shelf, SCOPE);
  const asked = hosting(TWO, SECOND);
  await saveAll(SECOND, shelf, SCOPE);
  assert.deepEqual(asked.sort(), ["index.html", "new.js"]);
  assert.deepEqual(await shelf.saved(), ["b1", "b2"], "both: pages of the first go on with it");
  for (const plan of [FIRST, SECOND]) {
    for (const entry of entriesOf(plan)) assert.ok(await shelf.has(entry), entry.path);
  }
});

test("an earlier build is kept while one of its pages is open, and not longer", async () => {
  const shelf = shelfIn(new Drawer());
  hosting(ONE, FIRST);
  await saveAll(FIRST, shelf, SCOPE);
  hosting(TWO, SECOND);
  await saveAll(SECOND, shelf, SCOPE);
  await shelf.setBuildOf("tab", "b1");
  await shelf.tidy("b2", new Set(["tab"]));
  assert.ok(await shelf.has(entryAt(FIRST, "old.js")!));
  await shelf.tidy("b2", new Set());
  assert.equal(await shelf.has(entryAt(FIRST, "old.js")!), false);
  assert.ok(await shelf.has(entryAt(FIRST, "a b.js")!), "the new one has it too");
  assert.equal(await shelf.plan("b1"), null);
  assert.equal(await shelf.buildOf("tab"), null);
  assert.deepEqual(await shelf.saved(), ["b2"]);
});

test("of what was visited the next build's version is fetched, as far as it comes", async () => {
  const shelf = shelfIn(new Drawer());
  await shelf.keepPlan(FIRST);
  for (const path of ["index.html", "old.js"]) {
    const entry = entryAt(FIRST, path)!;
    await shelf.keep(entry, (await checked(new Response(ONE[path as "old.js"]), entry))!);
  }
  const asked = hosting(TWO, SECOND);
  await saveSeen(SECOND, shelf, SCOPE);
  assert.deepEqual(asked, ["index.html"]);
  assert.ok(await shelf.has(entryAt(SECOND, "index.html")!));
  assert.deepEqual(await shelf.saved(), []);
});

async function whyNot(drawer: Drawer, plan = FIRST): Promise<Why> {
  const failure = await saveAll(plan, shelfIn(drawer), SCOPE).then(
    () => assert.fail("it was saved"),
    (error: unknown) => error,
  );
  assert.ok(failure instanceof NotSaved, String(failure));
  assert.deepEqual(await shelfIn(drawer).saved(), []);
  return failure.why;
}

test("without room nothing of it stays", async () => {
  hosting(ONE, FIRST);
  const drawer = new Drawer();
  drawer.room = 2;
  assert.equal(await whyNot(drawer), "room");
  assert.equal(drawer.kept.size, 0);
});

test("what came before the connection was lost stays", async () => {
  hosting(ONE, FIRST);
  const there = globalThis.fetch;
  globalThis.fetch = async (address) => {
    if (String(address).endsWith("old.js")) throw new TypeError("Failed to fetch");
    return there(address);
  };
  const drawer = new Drawer();
  assert.equal(await whyNot(drawer), "connection");
  assert.equal(drawer.kept.size, 2);
  const asked = hosting(ONE, FIRST);
  await saveAll(FIRST, shelfIn(drawer), SCOPE);
  assert.deepEqual(asked, ["old.js"]);
});

test("why it was not saved is told apart: denied, replaced meanwhile, changed on its way", async () => {
  hosting(ONE, FIRST);
  const denied = new Drawer();
  denied.refuses = "SecurityError";
  assert.equal(await whyNot(denied), "denied");
  hosting(TWO, SECOND);
  assert.equal(await whyNot(new Drawer()), "moved");
  hosting({ ...ONE, "index.html": "one<script>counter()</script>" }, FIRST);
  assert.equal(await whyNot(new Drawer()), "changed");
});

test("each reason has its words", () => {
  const reasons: [Why, RegExp][] = [
    ["room", /not enough room: the course takes 17\.3 MB/],
    ["denied", /a private window, or its settings/],
    ["connection", /save again to go on/],
    ["moved", /newer version was published/],
    ["changed", /the server sends a\.js changed/],
  ];
  for (const [why, words] of reasons)
    assert.match(refusal(new NotSaved(why, "a.js"), 17.3e6), words);
});
