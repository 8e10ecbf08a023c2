// Vercel's AI SDK with its xAI provider, unmodified: every mode, every ending, and the request that it pays for twice.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { createXai } from "@ai-sdk/xai";
import { experimental_generateVideo as generateVideo } from "ai";

import { image, key, standin } from "./standin.mjs";

let server;
before(async () => {
  server = await standin();
});
after(() => server.end());

/** It refuses to download from loopback, so the test downloads. */
async function download({ url }) {
  const response = await fetch(url);
  return { data: new Uint8Array(await response.arrayBuffer()), mediaType: response.headers.get("content-type") };
}

function generate(prompt, { xai = {}, ...more } = {}) {
  const model = createXai({ baseURL: server.base, apiKey: key }).video("grok-imagine-video");
  const providerOptions = { xai: { pollIntervalMs: 20, pollTimeoutMs: 5000, ...xai } };
  return generateVideo({ model, prompt, download, providerOptions, ...more });
}

const clip = { videoUrl: "https://example.com/a.mp4" };
const modes = {
  "text-to-video": ["A boat drifts.", { duration: 6, aspectRatio: "16:9" }],
  "image-to-video": [{ text: "It moves.", image: readFileSync(image) }, { duration: 6 }],
  edit: ["Warmer light.", { xai: { ...clip, mode: "edit-video" } }],
  extend: ["It goes on.", { duration: 4, xai: { ...clip, mode: "extend-video" } }],
};

for (const [mode, [prompt, options]] of Object.entries(modes)) {
  test(`${mode} ends with a clip`, async () => {
    const { videos } = await generate(prompt, options);
    assert.equal(videos[0].mediaType, "video/mp4");
    assert.equal(Buffer.from(videos[0].uint8Array.subarray(4, 8)).toString(), "ftyp");
  });
}

const endings = {
  "failed-internal-error": /failed/i,
  moderated: /moderation/i,
  "moderated-without-url": /content policy/i,
  expired: /expired/i,
};

for (const [play, told] of Object.entries(endings)) {
  test(`it meets ${play}`, async () => {
    await assert.rejects(generate(`A boat [${play}].`, { duration: 6 }), told);
    assert.equal(server.creates(`[${play}]`).length, 1);
  });
}

test("it survives an empty 202", async () => {
  const { videos } = await generate("A boat [poll-empty].", { duration: 6 });
  assert.equal(videos.length, 1);
});

test("it sends a paid request again when the answer is lost: two clips are billed", async () => {
  await generate("A boat [cut-after-accept].", { duration: 6, maxRetries: 2 });
  assert.equal(server.creates("[cut-after-accept]").length, 2);
});
