/** The licences of what is bundled: dist/LICENSES.txt names every package and repeats its terms. */

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Folders of the packages that the build read, each once, sorted. */
export function packagesIn({ inputs }) {
  const folder = /^(?:.*:)?((?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+)\//;
  const found = Object.keys(inputs).flatMap((path) => path.match(folder)?.[1] ?? []);
  return [...new Set(found)].sort();
}

export async function licensesOf(folders, root) {
  const texts = await Promise.all(folders.map((folder) => licenseOf(join(root, folder))));
  return `${texts.join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}

async function licenseOf(folder) {
  const { name, version, license } = JSON.parse(
    await readFile(join(folder, "package.json"), "utf8"),
  );
  const file = (await readdir(folder)).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const terms = file ? await readFile(join(folder, file), "utf8") : "(see its home page)";
  return `${name} ${version} (${license})\n\n${terms.trim()}`;
}
