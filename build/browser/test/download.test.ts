import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { gzipSync } from "node:zlib";
import { download, fetchManifest, type ManifestFile } from "../src/download.js";

const served = new Map<string, Buffer[]>();
let server: Server;
let base: URL;

before(async () => {
  server = createServer((request, response) => {
    const bodies = served.get(request.url?.slice(1) ?? "");
    const body = bodies && bodies.length > 1 ? bodies.shift() : bodies?.[0];
    response.statusCode = body ? 200 : 404;
    response.end(body ?? "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  base = new URL(`http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/`);
});
after(() => server.close());
beforeEach(() => served.clear());

/** Puts the bodies on the server, one after the other; the manifest describes the last. */
function offer(name: string, ...bodies: Buffer[]): ManifestFile {
  served.set(name, bodies);
  const promised = bodies.at(-1)!;
  const sha256 = createHash("sha256").update(promised).digest("hex");
  return { name, url: name, bytes: promised.length, sha256 };
}

function manifestOf(...files: ManifestFile[]) {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return { build: "b", packages: [], imports: [], bytes, files };
}

async function get(...files: ManifestFile[]) {
  const got = await download(base, manifestOf(...files), () => {});
  return { files: [...got.files, ...(await got.wheels)], check: got.check };
}

test("files arrive verified and inflated", async () => {
  const text = "import this\n".repeat(100);
  const { files, check } = await get(offer("a.py", gzipSync(text)));
  assert.equal(check, "sha256");
  assert.equal(await files[0]?.data.text(), text);
});

test("progress counts what is transferred, up to the manifest's total", async () => {
  const seen: number[][] = [];
  const files = [offer("a", gzipSync(Buffer.alloc(300))), offer("b", gzipSync(Buffer.alloc(7)))];
  await (
    await download(base, manifestOf(...files), (...progress) => seen.push(progress))
  ).wheels;
  const { bytes } = manifestOf(...files);
  assert.deepEqual(seen.at(-1), [bytes, bytes]);
});

test("a damaged copy is fetched once more", async () => {
  const file = offer("a", Buffer.from("broken"), gzipSync("intact"));
  const { files } = await get(file);
  assert.equal(await files[0]?.data.text(), "intact");
});

test("a file that stays wrong is named, with both hashes", async () => {
  const file = { ...offer("a.whl", gzipSync("x")), sha256: "0".repeat(64) };
  await assert.rejects(get(file), /a\.whl: expected SHA-256 0{64}, got [0-9a-f]{64}/);
});

test("a file of the wrong size is named, with both sizes", async () => {
  const file = { ...offer("a.whl", gzipSync("x")), bytes: 2 };
  await assert.rejects(get(file), /a\.whl: expected 2 bytes, got 21/);
});

test("a missing file is named", async () => {
  const file = offer("a.whl", gzipSync("x"));
  served.clear();
  await assert.rejects(get(file), /a\.whl: the server answered 404/);
});

test("the first failure ends the other transfers, and progress stays where it was", async () => {
  const missing = { ...offer("b", gzipSync("x")), url: "elsewhere" };
  const endless = offer("a", Buffer.alloc(3e7));
  let last = 0;
  const note = (loaded: number) => (last = loaded);
  const got = await download(base, manifestOf(endless, missing), note);
  await assert.rejects(got.wheels, /elsewhere/);
  const then = last;
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(last, then);
});

test("a server that cannot be reached is told as such", async () => {
  await assert.rejects(
    fetchManifest(new URL("http://127.0.0.1:9/")),
    /manifest.json: no connection/,
  );
});

test("a manifest that is none is refused", async () => {
  served.set("manifest.json", [Buffer.from('{"files": 1}')]);
  await assert.rejects(fetchManifest(base), /not a runtime manifest/);
});

test("Python and the runner are there before the packages", async () => {
  const files = ["course-0.whl", "numpy-2.whl", "pyodide.mjs", "python_stdlib.zip"].map((name) =>
    offer(name, gzipSync(name)),
  );
  const got = await download(base, manifestOf(...files), () => {});
  const names = (some: { name: string }[]) => some.map(({ name }) => name);
  assert.deepEqual(names(got.files), ["course-0.whl", "pyodide.mjs", "python_stdlib.zip"]);
  assert.deepEqual(names(await got.wheels), ["numpy-2.whl"]);
});
