// Runs the islands' tests (`<element>.test.ts` beside each) with Node's own runner.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const tests = readdirSync("letterlock/doors", { recursive: true })
  .map(String)
  .filter((name) => name.endsWith(".test.ts"))
  .map((name) => join("letterlock/doors", name));
const out = mkdtempSync(join(tmpdir(), "islands-"));
await build({ entryPoints: tests, outdir: out, outExtension: { ".js": ".mjs" }, bundle: true, platform: "node", format: "esm" });
const built = readdirSync(out, { recursive: true }).map(String).filter((name) => name.endsWith(".mjs"));
const run = spawnSync(process.execPath, ["--test", ...built.map((name) => join(out, name))], { stdio: "inherit" });
rmSync(out, { recursive: true });
process.exit(run.status ?? 1);
