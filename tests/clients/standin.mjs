// A stand-in of its own for each test file.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const greenlight = join(root, "target/debug/greenlight");

/** The key that the stand-in takes. */
export const key = "xai-stand-in-demo-key";

/** An image that goes into a shot. */
export const image = join(root, "samples/api/robot.jpg");

/** Starts a stand-in: its base URL, what arrived so far, and how to end it. */
export async function standin() {
  const folder = mkdtempSync(join(tmpdir(), "greenlight-clients-"));
  const journal = join(folder, "journal.jsonl");
  const child = spawn(greenlight, ["standin", "--format", "json", "--journal", journal], { stdio: ["ignore", "pipe", "ignore"] });
  const lines = createInterface({ input: child.stdout });
  const { value } = await lines[Symbol.asyncIterator]().next();
  const requests = () =>
    readFileSync(journal, "utf8").split("\n").slice(0, -1).map((line) => JSON.parse(line));
  const creates = (mark) => requests().filter((one) => one.method === "POST" && (one.body ?? "").includes(mark));
  const end = async () => {
    const gone = new Promise((resolve) => child.on("exit", resolve));
    child.kill("SIGINT");
    await gone;
    rmSync(folder, { recursive: true });
  };
  return { base: JSON.parse(value).base_url, requests, creates, end };
}
