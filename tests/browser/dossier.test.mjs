// What a browser does with the dossier: which requests it makes, what it shows at every width, and who can use it.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";

import { chromium } from "playwright-core";

import { samples, script, several, tidy } from "./samples.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const executablePath = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
  .find((path) => path && existsSync(path));

/** An A4 page without its margins, in CSS pixels. */
const SHEET = { width: Math.round((174 / 25.4) * 96), height: Math.round((267 / 25.4) * 96) };

let browser;
before(async () => {
  assert.ok(executablePath, "there is no Chromium; install it, or name it by CHROMIUM");
  // Chromium's own sandbox does not work for root.
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
});
after(async () => {
  await browser?.close();
  tidy();
});

/** Opens a page and keeps what it says and asks for. */
async function opened(file, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const told = [];
  const asked = [];
  page.on("console", (message) => told.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => told.push(`error: ${error}`));
  page.on("request", (request) => asked.push(request.url()));
  const url = pathToFileURL(file).href;
  await page.goto(url, { waitUntil: "load" });
  return { page, told, asked: asked.filter((address) => address !== url && address !== "data:,"), close: () => context.close() };
}

for (const [name, make] of Object.entries(samples)) {
  describe(`the dossier "${name}"`, () => {
    let file;
    before(() => {
      file = make();
    });

    test("says nothing on the console and asks nobody", async () => {
      const { page, told, asked, close } = await opened(file);
      await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
      assert.deepEqual({ told, asked }, { told: [], asked: [] });
      await close();
    });

    test("reads the same without scripts, and holds none", async () => {
      const { page, close } = await opened(file);
      const shown = await page.evaluate(() => [document.scripts.length, document.images.length, document.body.innerText]);
      await close();
      const plain = await opened(file, { javaScriptEnabled: false });
      assert.deepEqual(shown.slice(0, 2), [0, 0]);
      assert.equal(await plain.page.locator("body").innerText(), shown[2]);
      await plain.close();
    });

    for (const colorScheme of ["light", "dark"]) {
      test(`can be used by everybody, in ${colorScheme}`, async () => {
        const { page, close } = await opened(file, { colorScheme });
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => window.axe.run(document));
        const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
        const shown = grave.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)} ${nodes[0].failureSummary}`);
        assert.deepEqual(shown, []);
        await close();
      });
    }

    test("follows the colours that a reader prefers", async () => {
      const ground = async (colorScheme) => {
        const { page, close } = await opened(file, { colorScheme });
        const colour = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        await close();
        return colour.match(/\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
      };
      assert.ok((await ground("light")) > 700 && (await ground("dark")) < 120);
    });

    for (const width of [320, 390, 768]) {
      test(`fits a screen of ${width} pixels`, async () => {
        const { page, close } = await opened(file, { viewport: { width, height: 800 } });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= width, `${wide} pixels wide`);
        await close();
      });
    }

    test("is walked through by keyboard in the order in which it reads", async () => {
      const { page, close } = await opened(file);
      const all = await page.evaluate(() => {
        window.stops = [...document.querySelectorAll("a[href], [tabindex='0']")];
        return window.stops.length;
      });
      assert.ok(all > 20, `${all} stops`);
      for (let at = 0; at < Math.min(all, 120); at += 1) {
        await page.keyboard.press("Tab");
        assert.equal(await page.evaluate(() => window.stops.indexOf(document.activeElement)), at);
      }
      await close();
      const second = await opened(file);
      await second.page.keyboard.press("Tab");
      await second.page.keyboard.press("Enter");
      assert.equal(await second.page.evaluate(() => document.activeElement.id), "annexes");
      await second.close();
    });

    test("has its headings in order, its tables named and its figures told in words", async () => {
      const { page, close } = await opened(file);
      const found = await page.evaluate(() => {
        const levels = [...document.querySelectorAll("h1, h2, h3, h4")].map((heading) => Number(heading.tagName[1]));
        const tables = [...document.querySelectorAll("table")];
        return {
          first: levels.filter((level) => level === 1).length,
          jumps: levels.filter((level, at) => at > 0 && level > levels[at - 1] + 1).length,
          unnamed: tables.filter((table) => !table.caption?.innerText || !table.querySelector("th[scope=col]")).length,
          mute: [...document.querySelectorAll("svg[role=img]")].filter(
            (svg) => !svg.querySelector("title")?.textContent || !svg.querySelector("desc")?.textContent).length,
          shapeless: [...document.querySelectorAll(".badge")].filter(
            (badge) => !badge.querySelector("svg use") || !badge.innerText.trim()).length,
          landmarks: ["header", "main", "nav", "footer"].filter((name) => !document.querySelector(name)),
        };
      });
      assert.deepEqual(found, { first: 1, jumps: 0, unnamed: 0, mute: 0, shapeless: 0, landmarks: [] });
      await close();
    });

    test("prints on A4: heads are repeated, and an address that was cut stands behind its link", async () => {
      const { page, close } = await opened(file, { viewport: SHEET });
      await page.emulateMedia({ media: "print" });
      const found = await page.evaluate(() => ({
        heads: [...document.querySelectorAll("thead")].every((head) => getComputedStyle(head).display === "table-header-group"),
        cut: [...document.querySelectorAll("a.cut-off")].every(
          (link) => getComputedStyle(link, "::after").content.includes(link.getAttribute("href"))),
        hidden: [...document.querySelectorAll("a.out:not(.cut-off)")].filter(
          (link) => !link.getAttribute("href").includes(link.textContent)).length,
        wide: document.documentElement.scrollWidth,
      }));
      assert.deepEqual({ ...found, wide: found.wide <= SHEET.width }, { heads: true, cut: true, hidden: 0, wide: true });
      const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
      assert.match(pdf.subarray(0, 5).toString(), /^%PDF-/);
      await close();
    });
  });
}

for (const name of ["good", "open"]) test(`the first page of "${name}" takes one sheet of paper`, async () => {
  const { page, close } = await opened(samples[name](), { viewport: SHEET });
  await page.emulateMedia({ media: "print" });
  const end = await page.evaluate(() => {
    const annexes = document.querySelector("#annexes");
    return annexes.getBoundingClientRect().top + window.scrollY;
  });
  assert.ok(end <= SHEET.height, `it ends at ${end} of ${SHEET.height}`);
  await close();
});

test("a script in an answer, a name or a reason is text", async () => {
  const { page, close } = await opened(samples.attacked());
  const text = await page.evaluate(() => document.body.textContent);
  assert.ok(text.includes(script), "it is shown as it was written");
  assert.ok(!(await page.title()).includes("owned") || (await page.title()).includes("<script>"));
  assert.equal(await page.evaluate(() => document.querySelectorAll("script, img, iframe, [onerror]").length), 0);
  assert.ok(!text.includes("\u202e"), "nothing reorders the line");
  await close();
});

test("a receipt that was changed by hand is told as such", async () => {
  const { page, close } = await opened(samples.edited());
  assert.equal(await page.locator(".verdict .word").innerText(), "NOT INTACT");
  assert.doesNotMatch(await page.evaluate(() => document.body.innerText), /\bGO\b/);
  await close();
});

test("several projects stand on one page, each with places of its own", async () => {
  const { page, told, asked, close } = await opened(several(), { viewport: { width: 320, height: 800 } });
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    const links = [...document.querySelectorAll("a[href^='#']")].map((link) => link.getAttribute("href").slice(1));
    const { violations } = await window.axe.run(document);
    return {
      twice: ids.filter((id, at) => ids.indexOf(id) !== at),
      astray: links.filter((id) => !ids.includes(id)),
      grave: violations.filter(({ impact }) => impact === "serious" || impact === "critical").map(({ id }) => id),
      mains: document.querySelectorAll("main").length,
      projects: [...document.querySelectorAll("nav .projects a")].map((link) => link.hash),
      wide: document.documentElement.scrollWidth,
    };
  });
  assert.deepEqual(found, { twice: [], astray: [], grave: [], mains: 1, projects: ["#p1-project", "#p2-project"], wide: 320 });
  assert.deepEqual({ told, asked }, { told: [], asked: [] });
  assert.match(await page.locator(".verdict .word").first().innerText(), /^REHEARSAL · would be /);
  await close();
});
