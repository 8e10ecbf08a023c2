// curl and jq, as a shell script would do it: create, poll, download.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { image, key, standin } from "./standin.mjs";

const run = promisify(execFile);
const script = fileURLToPath(new URL("clip.sh", import.meta.url));

let server;
before(async () => {
  server = await standin();
});
after(() => server.end());

/** Runs the script; how it ended and what it wrote. */
async function made(path, body) {
  const env = { PATH: process.env.PATH, XAI_API_KEY: key, BASE_URL: server.base };
  try {
    const { stdout } = await run("bash", [script, path, JSON.stringify(body), image], { env });
    return { code: 0, out: stdout.trim() };
  } catch (error) {
    return { code: error.code, out: error.stdout.trim() };
  }
}

const shot = { model: "grok-imagine-video", duration: 6, resolution: "480p" };
const video = { url: "https://example.com/a.mp4" };
const modes = {
  "text-to-video": ["generations", { ...shot, prompt: "A boat drifts.", aspect_ratio: "16:9" }],
  "image-to-video": ["generations", { ...shot, prompt: "It moves.", image: { url: "IMAGE" } }],
  edit: ["edits", { model: shot.model, prompt: "Warmer light.", video }],
  extend: ["extensions", { model: shot.model, prompt: "It goes on.", duration: 4, video }],
};

for (const [mode, [path, body]] of Object.entries(modes)) {
  test(`${mode} ends with a clip`, async () => {
    assert.deepEqual(await made(path, body), { code: 0, out: "ftyp" });
  });
}

test("a failed job is told by its code", async () => {
  const ended = await made("generations", { ...shot, prompt: "A boat [failed-internal-error]." });
  assert.deepEqual(ended, { code: 1, out: "failed internal_error" });
});

test("a moderated clip is told, and its cost", async () => {
  const ended = await made("generations", { ...shot, prompt: "A boat [moderated]." });
  assert.deepEqual(ended, { code: 1, out: "HTTP 400 imagine:content-moderated 3000000000" });
});

test("no download carries the key", () => {
  const films = server.requests().filter((one) => one.host === "vidgen.x.ai");
  assert.ok(films.length >= 4);
  assert.ok(films.every((one) => !("authorization" in one.headers)));
});
