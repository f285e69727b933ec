// Bundles the report's script and style into dist/, which the C++ build embeds.
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { build } from "esbuild";

const { metafile } = await build({
  entryPoints: ["src/report.ts", "src/report.css"],
  outdir: "dist",
  bundle: true,
  minify: true,
  format: "iife",
  platform: "browser",
  target: "es2022",
  charset: "ascii",
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
});

/// The licenses of what was bundled ask that their text goes along; each text is kept once.
async function licenses() {
  const folders = new Set();
  for (const path of Object.keys(metafile.inputs)) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path);
    if (match) folders.add(match[1]);
  }
  const packagesOf = new Map();
  for (const folder of [...folders].sort()) {
    const about = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((name) => /^licen[cs]e/i.test(name));
    const text = file ? (await readFile(join(folder, file), "utf8")).trim() : about.license;
    packagesOf.set(text, [...(packagesOf.get(text) ?? []), `${about.name} ${about.version}`]);
  }
  return [...packagesOf].map(([text, names]) => `${names.join(", ")}\n\n${text}`).join("\n\n\n");
}

const script = await readFile("dist/report.js", "utf8");
const notice = (await licenses()).replaceAll("*/", "* /").replaceAll("</", "< /");
const whole = `/* Bundled here:\n\n${notice}\n*/\n${script}`;
// Inside a page, this would end the element early.
if (/<\/script|<!--/i.test(whole)) throw new Error("the bundle cannot stand inside a page");
await writeFile("dist/report.js", whole);
