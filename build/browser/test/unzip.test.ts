import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { unzip } from "../src/unzip.js";

/** A zip as Python writes it, with a folder's entry and an empty file. */
function zipped(method: "STORED" | "DEFLATED"): Uint8Array {
  const program = `
import io, sys, zipfile
target = io.BytesIO()
with zipfile.ZipFile(target, "w", zipfile.ZIP_${method}) as archive:
    archive.mkdir("é")
    archive.writestr("é/a.py", "x = 1\\n" * 9)
    archive.writestr("empty", "")
sys.stdout.buffer.write(target.getvalue())`;
  return new Uint8Array(execFileSync("python3", ["-c", program]));
}

test("the files of a zip are found by their paths", () => {
  const files = unzip(zipped("STORED"));
  assert.deepEqual(Array.from(files.keys()), ["é/a.py", "empty"]);
  assert.equal(new TextDecoder().decode(files.get("é/a.py")), "x = 1\n".repeat(9));
  assert.equal(files.get("empty")?.byteLength, 0);
});

test("what is compressed is refused by name", () => {
  assert.throws(() => unzip(zipped("DEFLATED")), /é\/a\.py is compressed/);
});

test("what is no zip is refused", () => {
  assert.throws(() => unzip(new Uint8Array(9)), /not a zip/);
  assert.throws(() => unzip(new Uint8Array(99)), /not a zip/);
});
