// Makes one clip with Vercel's AI SDK and its xAI provider.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createXai } from "@ai-sdk/xai";
import { experimental_generateVideo as generateVideo } from "ai";

/** It refuses to download from loopback, so this program downloads; the library tries that no second time either. */
async function download({ url }) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return { data: new Uint8Array(await response.arrayBuffer()), mediaType: response.headers.get("content-type") };
}

const { video, providerMetadata } = await generateVideo({
  model: createXai({ baseURL: process.env.XAI_BASE_URL }).video("grok-imagine-video"),
  prompt: "A boat drifts.",
  duration: 6,
  resolution: "854x480",
  download,
  providerOptions: { xai: { pollIntervalMs: 1200, pollTimeoutMs: 8000 } },
});
console.log(JSON.stringify(providerMetadata));
const folder = await mkdtemp(join(tmpdir(), "clip-"));
await writeFile(join(folder, "clip.mp4"), video.uint8Array);
await rm(folder, { recursive: true });
