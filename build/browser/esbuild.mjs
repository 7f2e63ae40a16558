/**
 * Builds dist/ (what the site ships), or with --test dist-test/ (the unit tests).
 *
 *     node esbuild.mjs [--test]
 */

import { createHash } from "node:crypto";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { build } from "esbuild";
import { licensesOf, packagesIn } from "./licenses.mjs";

const here = import.meta.dirname ?? new URL(".", import.meta.url).pathname;
const target = ["es2022", "chrome111", "firefox115", "safari16.4"];

/** Without it Workbox tells the console what it does. */
const define = { "process.env.NODE_ENV": '"production"' };

const cspHash = (text) => `sha256-${createHash("sha256").update(text).digest("base64")}`;

/** What chunks and scripts of their own were made of, for the licences. */
const otherInputs = {};

/** `inline:./file.ts` is that file bundled into one classic script, as text, and its CSP hash. */
const inlineScripts = {
  name: "inline-scripts",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^inline:/ }, ({ path, resolveDir }) => ({
      // Relative, so that the output does not depend on where the repository lies.
      path: relative(here, join(resolveDir, path.slice("inline:".length))),
      namespace: "inline",
    }));
    onLoad({ filter: /.*/, namespace: "inline" }, async ({ path }) => {
      const source = await classicScript(join(here, path));
      const contents = `export const source = ${JSON.stringify(source)};
        export const sha256 = ${JSON.stringify(cspHash(source))};`;
      return { contents };
    });
  },
};

async function classicScript(entry) {
  const options = { bundle: true, minify: true, write: false, format: "iife", target, define };
  const built = { absWorkingDir: here, entryPoints: [entry], metafile: true, ...options };
  const { outputFiles, metafile } = await build(built);
  Object.assign(otherInputs, metafile.inputs);
  return outputFiles[0].text.trim();
}

/** What only the generator says of the catalogue (words/en.json): no page has to load it. */
const GENERATORS = /^(page|notebook|checklist)\./;

const browserWords = {
  name: "browser-words",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]words[\\/]en\.json$/ }, async ({ path }) => {
      const all = Object.entries(JSON.parse(await readFile(path, "utf8")));
      const contents = JSON.stringify(
        Object.fromEntries(all.filter(([key]) => !GENERATORS.test(key))),
      );
      return { contents, loader: "json" };
    });
  },
};

/** What no chart here can use: half of Vega. Their imports become empty. */
const LEFT_OUT = [
  "vega-crossfilter|vega-force|vega-geo|vega-hierarchy|vega-label|vega-projection",
  "vega-voronoi|vega-wordcloud|d3-delaunay|d3-dsv|d3-force|d3-geo|d3-geo-projection",
  "d3-hierarchy|topojson-client",
].join("|");

const smallVega = {
  name: "small-vega",
  setup({ onResolve, onLoad }) {
    const filter = new RegExp(`^(${LEFT_OUT})$`);
    onResolve({ filter }, ({ path }) => ({ path, namespace: "left-out" }));
    onLoad({ filter: /.*/, namespace: "left-out" }, () => ({ contents: "module.exports = {}" }));
  },
};

/** What every bundle of the site is made with. */
const shipped = {
  absWorkingDir: here,
  outdir: "dist",
  format: "esm",
  bundle: true,
  minify: true,
  legalComments: "none",
  target,
  metafile: true,
};

/** `chunk:./file.ts` is that file bundled into a chunk of its own, and its path from the entry. */
const chunks = {
  name: "chunks",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^chunk:/ }, ({ path, resolveDir }) => ({
      path: relative(here, join(resolveDir, path.slice("chunk:".length))),
      namespace: "chunk",
    }));
    onLoad({ filter: /.*/, namespace: "chunk" }, async ({ path }) => {
      const entryNames = "chunks/[name]-[hash]";
      const options = {
        ...shipped,
        entryPoints: [path],
        entryNames,
        plugins: [browserWords, smallVega],
      };
      const { metafile } = await build(options);
      const [output] = Object.keys(metafile.outputs);
      const contents = `export const path = ${JSON.stringify(output.replace("dist/", "./"))};`;
      Object.assign(otherInputs, metafile.inputs);
      return { contents };
    });
  },
};

/** palette.json as CSS variables, for both schemes; paper is always light. */
const paletteCss = {
  name: "palette-css",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^palette$/ }, () => ({ path: "palette", namespace: "palette" }));
    onLoad({ filter: /.*/, namespace: "palette" }, async () => {
      const path = join(here, "src/palette.json");
      const { colors } = JSON.parse(await readFile(path, "utf8"));
      const rules = (scheme) =>
        Object.entries(colors).map(([name, color]) => `--cw-${name}: ${color[scheme]};`);
      const concepts = ["prob", "loss", "grad", "rate", "valid"];
      const contents = `
        :root, [data-md-color-scheme] { color-scheme: light; ${rules("light").join(" ")} }
        @media screen {
          [data-md-color-scheme="slate"] { color-scheme: dark; ${rules("dark").join(" ")} }
        }
        ${concepts.map((name) => `.c-${name} { color: var(--cw-${name}); }`).join("\n")}`;
      return { contents, loader: "css" };
    });
  },
};

/** The sizes of KaTeX's type, in its order; a part of a formula goes from one to another. */
const KATEX_SIZES = [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.44, 1.728, 2.074, 2.488];
const KATEX_SIZING =
  /\.katex \.fontsize-ensurer\.reset-size\d+\.size\d+,\.katex \.katex-sizing\.reset-size\d+\.size\d+\{font-size:[^}]+\}/g;

/** One rule, and one for each size, in place of the 121 for each pair. */
const katexSizing = [
  ...KATEX_SIZES.map((size, i) => `.katex .reset-size${i + 1}{--cw-from:${size}}`),
  ...KATEX_SIZES.map((size, i) => `.katex .size${i + 1}{--cw-to:${size}}`),
  ".katex :is(.fontsize-ensurer,.katex-sizing){font-size:calc(1em*var(--cw-to)/var(--cw-from))}",
].join("");

/** KaTeX's stylesheet names each font thrice; every browser that runs the demos reads woff2. */
const katexCss = {
  name: "katex-css",
  setup({ onLoad }) {
    onLoad({ filter: /katex\.min\.css$/ }, async ({ path }) => {
      const css = await readFile(path, "utf8");
      const pairs = css.match(KATEX_SIZING) ?? [];
      if (pairs.length !== KATEX_SIZES.length ** 2)
        throw new Error(`${pairs.length} sizes in ${path}`);
      const contents =
        css.replace(/,url\([^)]+\.(woff|ttf)\) format\("[^"]+"\)/g, "").replace(KATEX_SIZING, "") +
        katexSizing;
      return { contents, loader: "css" };
    });
  },
};

/** Service workers; the site's build puts one of them at its root. */
const workers = { "sw.js": "worker.ts", "sw-off.js": "off.ts" };

/** What stands beside the bundles. */
const companions = {
  name: "companions",
  setup({ onEnd }) {
    onEnd(async ({ metafile, errors }) => {
      if (errors.length > 0) return;
      const frame = await classicScript(join(here, "src/relay.ts"));
      const named = (end) => {
        const paths = Object.keys(metafile.outputs);
        return paths
          .find((path) => path.startsWith("dist/coursewright-") && path.endsWith(end))
          .slice(5);
      };
      const meta = { frame_sha256: cspHash(frame), entry: named(".js"), style: named(".css") };
      await writeJson("dist/meta.json", meta);
      for (const [name, entry] of Object.entries(workers)) {
        const script = await classicScript(join(here, `src/offline/${entry}`));
        await writeFile(join(here, "dist", name), `${script}\n`);
      }
      const licenses = await licensesOf(
        packagesIn({ inputs: { ...metafile.inputs, ...otherInputs } }),
        here,
      );
      await writeFile(join(here, "dist/LICENSES.txt"), licenses);
    });
  },
};

async function writeJson(path, value) {
  await writeFile(join(here, path), `${JSON.stringify(value, null, 2)}\n`);
}

const site = {
  ...shipped,
  entryPoints: { coursewright: "src/main.ts", style: "styles/coursewright.css" },
  // Hashed too: a page's policy names its frame's script, so it must not meet another build's.
  entryNames: "coursewright-[hash]",
  chunkNames: "chunks/[name]-[hash]",
  assetNames: "fonts/[name]-[hash]",
  loader: { ".woff2": "file" },
  splitting: true,
  plugins: [inlineScripts, browserWords, chunks, paletteCss, katexCss, companions],
};

async function buildTests() {
  const names = await readdir(join(here, "test"));
  await build({
    absWorkingDir: here,
    entryPoints: names.filter((name) => name.endsWith(".test.ts")).map((name) => `test/${name}`),
    outdir: "dist-test",
    platform: "node",
    format: "esm",
    bundle: true,
    packages: "external",
    plugins: [inlineScripts, browserWords],
  });
}

const outdir = process.argv.includes("--test") ? "dist-test" : "dist";
await rm(join(here, outdir), { recursive: true, force: true });
if (outdir === "dist-test") {
  await buildTests();
} else {
  await build(site);
}
