// Dossiers made by the real binary, each from a project or a receipt of its own.

import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
const binary = process.env.GREENLIGHT_BIN ?? join(target, "debug", "greenlight");

/** What a text must not be able to do: run, link, reorder, or push the page apart. */
export const script = `<script>document.title = "owned"</script><img src=x onerror="document.title='owned'">`;
const hostile = `${script} \u202egpj.exe ${"W".repeat(10_000)}`;

// A check refuses output below a temporary folder, so the samples are in the home folder.
const folders = [];
function folder() {
  const made = mkdtempSync(join(homedir(), ".greenlight-browser-"));
  folders.push(made);
  return made;
}

export function tidy() {
  for (const made of folders) rmSync(made, { recursive: true, force: true });
}

function greenlight(cwd, args, codes = [0]) {
  const env = { PATH: process.env.PATH, HOME: homedir(), CI: "true" };
  try {
    return execFileSync(binary, args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    if (codes.includes(error.status)) return error.stdout;
    throw new Error(`greenlight ${args.join(" ")}: ${error.stderr ?? error}`);
  }
}

function page(cwd, args) {
  greenlight(cwd, ["report", ...args, "--format", "html", "--output", "dossier.html"]);
  return join(cwd, "dossier.html");
}

function copy(route, change = (text) => text) {
  const to = folder();
  cpSync(join(root, "samples", route), to, { recursive: true });
  const file = join(to, "greenlight.toml");
  writeFileSync(file, change(readFileSync(file, "utf8")));
  return to;
}

function open() {
  return page(copy("wrapper"), []);
}

function rehearsed() {
  const cwd = copy("api");
  writeFileSync(join(cwd, "receipt.json"), greenlight(cwd, ["check", "--rehearse", "--format", "json"], [0, 1, 3]));
  return page(cwd, ["receipt.json"]);
}

function edited() {
  const cwd = folder();
  const receipt = readFileSync(join(root, "tests/fixtures/receipts/v1/go.json"), "utf8");
  writeFileSync(join(cwd, "receipt.json"), receipt.replace("\"pass\"", "\"warn\""));
  return page(cwd, ["receipt.json"]);
}

function good() {
  const cwd = folder();
  cpSync(join(root, "tests/fixtures/receipts/v1/go.json"), join(cwd, "receipt.json"));
  return page(cwd, ["receipt.json"]);
}

function attacked() {
  const cwd = copy("wrapper", (text) =>
    text
      .replace('provider = "fal"', 'provider = "acme"')
      .replace('name = "Shop window loop"', `name = ${JSON.stringify(script)}`));
  const words = ["--by", script, "--note", hostile.slice(0, 4000), "--evidence", "https://acme.example/x"];
  greenlight(cwd, ["answer", "wrapper.refunds", "--value", "refunded", ...words]);
  greenlight(cwd, ["answer", "wrapper.support", "--not-applicable", hostile.slice(0, 2000), "--by", "Ann"]);
  greenlight(cwd, [
    "waive", "wrapper.url-lifetime", "--reason", script, "--owner", script, "--until", soon(20),
  ]);
  return page(cwd, []);
}

function checked() {
  const cwd = copy("api");
  greenlight(cwd, ["check", "--rehearse", "--report", "html=checked.html"], [0, 1, 3]);
  return join(cwd, "checked.html");
}

/** One page of two projects. */
export function several() {
  const cwd = folder();
  for (const route of ["api", "wrapper"]) cpSync(join(root, "samples", route), join(cwd, route), { recursive: true });
  greenlight(cwd, ["check", "api", "wrapper", "--rehearse", "--report", "html=several.html"], [0, 1, 3]);
  return join(cwd, "several.html");
}

function soon(days) {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

/** The dossiers by name. */
export const samples = { open, rehearsed, edited, good, attacked, checked };
