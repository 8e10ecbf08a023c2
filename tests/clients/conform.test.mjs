// How public clients, unmodified, behave against the stand-in. This test writes the tables in docs/conformance.md:
// GREENLIGHT_UPDATE=1 node --test tests/clients/conform.test.mjs

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const page = here("../../docs/conformance.md");
const greenlight = here("../../target/debug/greenlight");
const versions = JSON.parse(readFileSync(here("package.json"), "utf8")).devDependencies;

const version = (name) => `\`${name}\` ${versions[name]}`;
const clients = [
  [`${version("ai")} with ${version("@ai-sdk/xai")}`, [process.execPath, here("conform/ai-sdk.mjs")]],
  [`${version("@tanstack/ai")} with ${version("@tanstack/ai-grok")}`, [process.execPath, here("conform/tanstack.mjs")]],
  ["curl and jq in the documented shape", [here("conform/curl.sh")]],
];

/** What greenlight says of a client. Only these of its lines are the same in every run. */
function graded(client) {
  const args = ["conform", "--quiet", "--jobs", "6", "--patience", "40s", "--format", "json", "--", ...client];
  return new Promise((resolve, reject) => {
    execFile(greenlight, args, { maxBuffer: 1 << 26 }, (error, out, err) => {
      if (error && ![1, 3].includes(error.code)) reject(new Error(err));
      else resolve(JSON.parse(out));
    });
  });
}

const reports = [];
before(async () => {
  reports.push(...(await Promise.all(clients.map(([, client]) => graded(client)))));
});

const standing = (report, id) => report.rules.find((rule) => rule.id === id).standing;
const broken = (report) => report.rules.filter((rule) => rule.standing === "broken");

/** Where a rule was broken; which of several it is can hang on the moment at which a connection ends. */
const where = (rule) =>
  rule.sightings.filter((one) => one.kept === false).map((one) => `\`${one.play}\``).join(", ");

function table() {
  const rules = reports[0].rules;
  const head = `| rule | ${clients.map((_, place) => place + 1).join(" | ")} |\n|---|${"---|".repeat(clients.length)}`;
  const mark = (word) => (word === "broken" ? "**broken**" : word.replace("-", " "));
  const rows = rules.map((rule) => `| ${rule.title} | ${reports.map((report) => mark(standing(report, rule.id))).join(" | ")} |`);
  const names = clients.map(([name], place) => `${place + 1}. ${name}`);
  const sections = clients.map(([name], place) => {
    const found = broken(reports[place]).map((rule) => `- It breaks "${rule.title}", in ${where(rule)}. ${rule.fix}`);
    return `## ${name}\n\n${found.join("\n") || "It breaks no rule."}`;
  });
  return `${names.join("\n")}\n\n${head}\n${rows.join("\n")}\n\n${sections.join("\n\n")}\n`;
}

test("the page says how each of them behaves", () => {
  const text = readFileSync(page, "utf8");
  const [head] = text.split("<!-- tables -->\n");
  const fresh = `${head}<!-- tables -->\n\n${table()}`;
  if (process.env.GREENLIGHT_UPDATE === "1") writeFileSync(page, fresh);
  assert.equal(readFileSync(page, "utf8"), fresh, "GREENLIGHT_UPDATE=1 writes it again");
});

test("no client of these sends the key along, and each has something to learn", () => {
  for (const report of reports) {
    assert.notEqual(standing(report, "no-key-with-download"), "broken");
    assert.ok(broken(report).length > 0, report.client);
  }
});
