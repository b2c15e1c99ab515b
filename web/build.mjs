// Bundles src/*.ts and styles/*.css into a folder: hashed files, manifest.json, notices.txt.
//
//   node build.mjs FOLDER
//
// Every file directly in src/ and styles/ is an entry that a page may ask for; what they share is
// in src/parts/ and styles/parts/. What is in src/blocking/ becomes a script of its own that is no
// module, and so can run before the page is drawn. The folder is flat: addresses in it are relative.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";
import { build } from "esbuild";
import subsetFont from "subset-font";

const OUT = process.argv[2];
// Whatever a font of a Latin script may have; what one lacks is passed over.
const CHARACTERS = String.fromCodePoint(...range(0x20, 0x2fff), ...range(0xa700, 0xffff));

function range(first, last) {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

function entries(folder, suffix) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(suffix))
    .sort()
    .map((name) => join(folder, name));
}

/** The name by which pages ask for an output; null for what only other outputs ask for. */
function asked(output) {
  if (output.entryPoint) return basename(output.entryPoint).replace(/\.ts$/, ".js");
  const [input, ...more] = Object.keys(output.inputs);
  return more.length === 0 && input?.endsWith(".woff2") ? basename(input) : null;
}

function manifest(meta) {
  const names = {};
  const files = [];
  for (const [path, output] of Object.entries(meta.outputs)) {
    files.push(basename(path));
    const name = asked(output);
    if (name !== null) names[name] = basename(path);
  }
  const sorted = Object.entries(names).sort(([one], [other]) => (one < other ? -1 : 1));
  return { names: Object.fromEntries(sorted), files: files.sort() };
}

/** The folders of the packages that have a byte in the bundle. */
function packages(meta) {
  const found = new Set();
  for (const output of Object.values(meta.outputs)) {
    for (const input of Object.keys(output.inputs)) {
      const name = input.match(/^(node_modules\/(?:@[^/]+\/)?[^/]+)\//)?.[1];
      if (name) found.add(name);
    }
  }
  return [...found].sort();
}

function notice(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  if (!license || !file) throw new Error(`${name} does not say under which licence it is`);
  const text = readFileSync(join(folder, file), "utf8").trim();
  return `${name} ${version}\nLicence: ${license}\n\n${text}\n`;
}

/**
 * Fonts without what no page uses: weights beyond those of the styles, fractions and other features
 * that have to be asked for, hints for screens of old. What they write stays the same, at half the size.
 */
const fonts = {
  name: "fonts",
  setup({ onLoad }) {
    onLoad({ filter: /\.woff2$/ }, async ({ path }) => ({
      contents: await subsetFont(readFileSync(path), CHARACTERS, {
        targetFormat: "woff2",
        keepFeatures: ["ccmp", "kern", "mark", "mkmk"],
        noLayoutClosure: true,
        noHinting: true,
        ...(path.includes("-wght-") ? { variationAxes: { wght: { min: 400, max: 600 } } } : {}),
      }),
      loader: "file",
    }));
  },
};

const shared = {
  outdir: OUT,
  bundle: true,
  minify: true,
  target: "es2022",
  charset: "utf8",
  legalComments: "none", // all of them are in notices.txt
  entryNames: "[name]-[hash]",
  metafile: true,
  logLevel: "warning",
};
const made = await Promise.all([
  build({
    ...shared,
    entryPoints: [...entries("src", ".ts"), ...entries("styles", ".css")],
    format: "esm",
    splitting: true,
    chunkNames: "part-[hash]",
    assetNames: "[name]-[hash]",
    plugins: [fonts],
  }),
  build({ ...shared, entryPoints: entries(join("src", "blocking"), ".ts"), format: "iife" }),
]);
const metafile = { outputs: Object.assign({}, ...made.map((one) => one.metafile.outputs)) };

mkdirSync(OUT, { recursive: true });
const rule = `\n${"-".repeat(72)}\n\n`;
const opening = "What the pages of Therascape are made with, besides its own code.\n";
const notices = [opening, ...packages(metafile).map(notice)].join(rule);
writeFileSync(join(OUT, "notices.txt"), notices);
writeFileSync(join(OUT, "manifest.json"), `${JSON.stringify(manifest(metafile), null, 1)}\n`);
