// Builds what browsers load into doors/frame/static/built: one bundle for each file of doors/web/bundles,
// one style sheet, the two fonts' latin subsets, and a sprite of exactly the icons that templates and islands name.
import { build, context } from "esbuild";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const doors = "letterlock/doors";
const out = `${doors}/frame/static/built`;
const fonts = {
  "inter.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
  "serif.woff2": "@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-normal.woff2",
  "serif-italic.woff2": "@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-italic.woff2",
};
function filesUnder(folder, suffix) {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(suffix) && !name.includes("static/"))
    .map((name) => join(folder, name));
}

// `icon("name")` must exist. Any other quoted word that happens to be an icon's name is taken along: that is how
// macros and views name theirs, and a few spare ones weigh less than a missing one.
function iconsNamed(known) {
  const names = new Set();
  for (const file of [".html", ".ts", ".py"].flatMap((suffix) => filesUnder(doors, suffix))) {
    const text = readFileSync(file, "utf8");
    for (const [, name] of text.matchAll(/\bicon\("([a-z0-9-]+)"/g)) names.add(name);
    for (const [, name] of text.matchAll(/"([a-z0-9-]+)"/g)) if (known.has(name)) names.add(name);
  }
  return [...names].sort();
}

function writeSprite() {
  const folder = "node_modules/lucide-static/icons";
  const known = new Set(readdirSync(folder).map((file) => file.replace(/\.svg$/, "")));
  const symbols = iconsNamed(known).map((name) => {
    if (!known.has(name)) throw new Error(`lucide has no icon named "${name}"; see https://lucide.dev/icons`);
    const [, drawn] = /<svg[^>]*>(.*)<\/svg>/s.exec(readFileSync(`${folder}/${name}.svg`, "utf8"));
    return `<symbol id="${name}" viewBox="0 0 24 24">${drawn.replace(/\s+/g, " ").trim()}</symbol>`;
  });
  writeFileSync(`${out}/icons.svg`, `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
  return symbols.length;
}

const options = {
  entryPoints: [...filesUnder(`${doors}/web/bundles`, ".ts"), `${doors}/frame/styles/site.css`].map((file) => ({
    in: file,
    out: file.split("/").at(-1).replace(/\.(ts|css)$/, ""),
  })),
  outdir: out,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022", "chrome123", "firefox120", "safari17.5"],
  external: ["./fonts/*"],
  legalComments: "linked",
  logLevel: "warning",
};

rmSync(out, { recursive: true, force: true });
mkdirSync(`${out}/fonts`, { recursive: true });
for (const [name, source] of Object.entries(fonts)) cpSync(`node_modules/${source}`, `${out}/fonts/${name}`);
const icons = writeSprite();
if (process.argv.includes("--watch")) {
  await (await context(options)).watch();
} else {
  await build(options);
  console.log(`Built ${options.entryPoints.length} bundles and ${icons} icons into ${out}.`);
}
