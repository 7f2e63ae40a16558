/** Zip files whose entries are not compressed: the wheels of a runtime travel in gzip instead. */

const END = 22; // bytes of the record at the end of a zip without a comment
const ENTRY = 46; // of a line of its table of contents, before the name
const LOCAL = 30; // of the header before an entry's bytes, before the name once more

/** The files in a zip, by their path in it; views of its bytes. Throws on anything compressed. */
export function unzip(bytes: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (at: number) => view.getUint16(at, true);
  const long = (at: number) => view.getUint32(at, true);
  const end = bytes.byteLength - END;
  if (end < 0 || long(end) !== 0x06054b50) throw new Error("not a zip file without a comment");
  const files = new Map<string, Uint8Array>();
  const names = new TextDecoder();
  let at = long(end + 16);
  for (let left = word(end + 10); left > 0; left--) {
    const from = at + ENTRY;
    const name = names.decode(bytes.subarray(from, from + word(at + 28)));
    if (word(at + 10) !== 0) throw new Error(`${name} is compressed`);
    const header = long(at + 42);
    const start = header + LOCAL + word(header + 26) + word(header + 28);
    if (!name.endsWith("/")) files.set(name, bytes.subarray(start, start + long(at + 24)));
    at = from + word(at + 28) + word(at + 30) + word(at + 32);
  }
  return files;
}
