// TanStack AI with its Grok adapter, unmodified: every mode and ending, and the empty answer that makes it stop
// waiting.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { generateVideo, getVideoJobStatus } from "@tanstack/ai";
import { createGrokVideo } from "@tanstack/ai-grok";

import { image, key, standin } from "./standin.mjs";

let server;
before(async () => {
  server = await standin();
});
after(() => server.end());

const adapter = () => createGrokVideo("grok-imagine-video", key, { baseURL: server.base });
const debug = false;

/** Polls as an app has to: once more when the adapter fails to read an answer. */
async function ended(jobId) {
  for (let polls = 0; polls < 20; polls += 1) {
    try {
      const job = await getVideoJobStatus({ adapter: adapter(), jobId, debug });
      if (["completed", "failed"].includes(job.status)) return job;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  throw new Error("still pending");
}

const text = (content) => ({ type: "text", content });
const video = { type: "video", source: { type: "url", value: "https://example.com/a.mp4" } };
const picture = { type: "image", source: { type: "data", mimeType: "image/jpeg", value: readFileSync(image).toString("base64") } };
const modes = {
  "text-to-video": { prompt: "A boat drifts.", duration: 6, size: "16:9_480p" },
  "image-to-video": { prompt: [text("It moves."), picture], duration: 6 },
  edit: { prompt: [text("Warmer light."), video], modelOptions: { mode: "edit" } },
  extend: { prompt: [text("It goes on."), video], duration: 4, modelOptions: { mode: "extend" } },
};

for (const [mode, shot] of Object.entries(modes)) {
  test(`${mode} ends with a clip`, async () => {
    const { jobId } = await generateVideo({ adapter: adapter(), debug, ...shot });
    const job = await ended(jobId);
    assert.equal(job.status, "completed");
    const clip = Buffer.from(await (await fetch(job.url)).arrayBuffer());
    assert.equal(clip.subarray(4, 8).toString(), "ftyp");
  });
}

for (const play of ["failed-internal-error", "expired"]) {
  test(`it meets ${play}`, async () => {
    const { jobId } = await generateVideo({ adapter: adapter(), prompt: `A boat [${play}].`, duration: 6, debug });
    assert.equal((await ended(jobId)).status, "failed");
  });
}

test("a moderated job is an error with the provider's words", async () => {
  const { jobId } = await generateVideo({ adapter: adapter(), prompt: "A boat [moderated].", duration: 6, debug });
  await assert.rejects(ended(jobId), /moderation/i);
});

test("an empty answer ends its own wait, and the clip that is paid for is lost", async () => {
  const chunks = [];
  const wait = { adapter: adapter(), prompt: "A boat [poll-empty].", duration: 6, stream: true, pollingInterval: 20, maxDuration: 5000, debug };
  for await (const chunk of generateVideo(wait)) chunks.push(chunk);
  assert.match(chunks.find((chunk) => chunk.type === "RUN_ERROR").message, /JSON/);
  assert.equal(server.creates("[poll-empty]").length, 1);
});
