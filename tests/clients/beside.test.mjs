// The same requests to greenlight's stand-in and to aimock, and what the documented API replies to each. This test
// writes the table in docs/standin-beside-aimock.md: GREENLIGHT_UPDATE=1 node --test tests/clients/beside.test.mjs

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { key, standin } from "./standin.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const page = here("../../docs/standin-beside-aimock.md");

let ours;
let theirs;
before(async () => {
  ours = await standin();
  theirs = await aimock();
});
after(async () => {
  await ours.end();
  theirs.child.kill();
});

/** aimock on a port of its own. */
async function aimock() {
  const child = spawn(process.execPath, [here("node_modules/.bin/aimock"), "-c", here("aimock.json"), "-p", "0"], { cwd: here(".") });
  for await (const line of child.stdout.setEncoding("utf8")) {
    const found = /http:\/\/127\.0\.0\.1:\d+/.exec(line);
    if (found) return { child, base: `${found[0]}/v1` };
  }
  throw new Error("aimock did not start");
}

const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
const shot = { model: "grok-imagine-video", prompt: "A boat drifts.", duration: 6, resolution: "480p" };
const image = { url: "https://example.com/a.png" };
const video = { url: "https://example.com/a.mp4" };
const post = (body, path = "generations") => ({ method: "POST", path: `/videos/${path}`, body });
const get = (path) => ({ method: "GET", path });

/** What is sent, and the status that the documented API gives. */
const rows = [
  ["text-to-video", post(shot), 200],
  ["image-to-video", post({ ...shot, image }), 200],
  ["reference-to-video", post({ ...shot, reference_images: [image] }), 200],
  ["edit", post({ model: shot.model, prompt: "Warmer.", video }, "edits"), 200],
  ["extend", post({ model: shot.model, prompt: "On.", duration: 4, video }, "extensions"), 200],
  ["no key", { ...post(shot), headers: { authorization: undefined } }, 401],
  ["a wrong key", { ...post(shot), headers: { authorization: "Bearer nonsense" } }, 400],
  ["no prompt", post({ model: shot.model, duration: 6 }), 400],
  ["duration 4.5", post({ ...shot, duration: 4.5 }), 422],
  ["duration 999", post({ ...shot, duration: 999 }), 400],
  ["aspect ratio `auto`", post({ ...shot, aspect_ratio: "auto" }), 422],
  ["resolution `9000p`", post({ ...shot, resolution: "9000p" }), 422],
  ["15 reference images", post({ ...shot, reference_images: Array(15).fill(image) }), 400],
  ["image and references on the classic model", post({ ...shot, image, reference_images: [image] }), 400],
  ["1080p with references", post({ ...shot, resolution: "1080p", reference_images: [image] }), 400],
  ["an unknown field", post({ ...shot, seed: 7 }), 200],
  ["no content type", { ...post(shot), headers: { "content-type": undefined } }, 415],
  ["GET /v1/api-key", get("/api-key"), 200],
  ["GET /v1/me", get("/me"), 200],
  ["GET /v1/video-generation-models", get("/video-generation-models"), 200],
  ["poll of an unknown id", get("/videos/00000000-0000-4000-8000-00000000dead"), 404],
];

/** How a job ends after its polls: HTTP status and word. */
const jobs = [
  ["the first poll of a job", "A boat drifts.", "202 pending", 1],
  ["a finished job", "A boat drifts.", "200 done", 20],
  ["an expired job", "A boat [expired].", "200 expired", 20],
  ["a failed job", "A boat [failed-internal-error].", "200 failed", 20],
  ["a moderated clip", "A boat [moderated].", "400 imagine:content-moderated", 20],
];

async function status(base, { method, path, body, headers: more = {} }) {
  const all = Object.fromEntries(Object.entries({ ...headers, ...more }).filter(([, value]) => value !== undefined));
  // A text without a content type would be given one.
  const payload = body && new TextEncoder().encode(JSON.stringify(body));
  const reply = await fetch(base + path, { method, headers: all, body: payload });
  await reply.arrayBuffer();
  return String(reply.status);
}

async function ending(base, prompt, polls) {
  const created = await fetch(`${base}/videos/generations`, { method: "POST", headers, body: JSON.stringify({ ...shot, prompt }) });
  const { request_id: id } = await created.json();
  let last = "";
  for (let count = 0; count < polls; count += 1) {
    const reply = await fetch(`${base}/videos/${id}`, { headers });
    const text = await reply.text();
    const json = text ? JSON.parse(text) : {};
    last = `${reply.status} ${json.status ?? json.code ?? ""}`.trim();
    if (reply.status !== 202) break;
  }
  return last;
}

test("the table says what both do, and ours does what the API does", async () => {
  const lines = [];
  const wrong = [];
  const tell = (what, wanted, our, their) => {
    if (our !== wanted) wrong.push(`${what}: ${our}, not ${wanted}`);
    lines.push(`| ${what} | ${wanted} | ${our === wanted ? our : `**${our}**`} | ${their === wanted ? their : `**${their}**`} |`);
  };
  for (const [what, request, wanted] of rows) {
    tell(what, String(wanted), await status(ours.base, request), await status(theirs.base, request));
  }
  for (const [what, prompt, wanted, polls] of jobs) {
    tell(what, wanted, await ending(ours.base, prompt, polls), await ending(theirs.base, prompt, polls));
  }
  const text = readFileSync(page, "utf8");
  const [head] = text.split("<!-- table -->\n");
  const fresh = `${head}<!-- table -->\n| request | documented | greenlight standin | aimock 1.43.0 |\n|---|---|---|---|\n${lines.join("\n")}\n`;
  if (process.env.GREENLIGHT_UPDATE === "1") writeFileSync(page, fresh);
  assert.deepEqual(wrong, []);
  assert.equal(readFileSync(page, "utf8"), fresh, "GREENLIGHT_UPDATE=1 writes it again");
});
