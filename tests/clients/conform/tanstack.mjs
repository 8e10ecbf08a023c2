// Makes one clip with TanStack AI and its Grok adapter.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { generateVideo } from "@tanstack/ai";
import { createGrokVideo } from "@tanstack/ai-grok";

const adapter = createGrokVideo("grok-imagine-video", process.env.XAI_API_KEY, { baseURL: process.env.XAI_BASE_URL });
let url;
for await (const chunk of generateVideo({ adapter, prompt: "A boat drifts.", duration: 6, size: "16:9_480p", stream: true, pollingInterval: 1200, maxDuration: 8000 })) {
  console.log(JSON.stringify(chunk));
  if (chunk.type === "RUN_ERROR") throw new Error(chunk.message);
  if (chunk.name === "generation:result") url = chunk.value.url;
}
const response = await fetch(url);
if (!response.ok) throw new Error(`HTTP ${response.status}`);
const folder = await mkdtemp(join(tmpdir(), "clip-"));
await writeFile(join(folder, "clip.mp4"), new Uint8Array(await response.arrayBuffer()));
await rm(folder, { recursive: true });
