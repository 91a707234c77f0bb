// What a browser makes of a site: the second opinion of tests/it/site.rs.
//
//     node site.mjs FOLDER BROWSER MODULES ID
//
// opens a page of each kind as a file, wide and narrow, light and dark; nothing may be asked for outside the folder, no
// page may scroll sideways, no figure may break a word, and axe may find nothing serious. Then it searches for the entry
// ID with the keyboard. Ends with 1 and a line for each problem, or with 0.

import { readFile, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [, , folder, browserPath, modules, id] = process.argv;
const resolve = createRequire(join(modules, "..", "package.json")).resolve;
const problems = [];

const WIDTHS = [1280, 768, 390];
const SCHEMES = ["light", "dark"];

// Pages of entries are alike: one of each family is enough.
async function pages() {
  const all = (await readdir(folder, { recursive: true })).map((path) => path.replaceAll("\\", "/"));
  const seen = new Set();
  const isFirst = (path) => {
    const kind = path.startsWith("entries/") ? path.replace(/-\d+[a-z]?\.html$/, "") : path.replace(/^families\/.*/, "families");
    return !seen.has(kind) && seen.add(kind);
  };
  return all.filter((path) => path.endsWith(".html")).sort().filter(isFirst);
}

async function open(browser, path) {
  const page = await browser.newPage();
  const say = (problem) => problems.push(`${path}: ${problem}`);
  const root = pathToFileURL(`${folder}/`).href;
  page.on("console", (message) => message.type() === "error" && say(`console: ${message.text()}`));
  page.on("pageerror", (error) => say(`error: ${error.message}`));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(root) && !url.startsWith("data:")) say(`it asks for ${url}`);
  });
  await page.goto(pathToFileURL(join(folder, path)).href);
  return { page, say };
}

// A word that has no room in a tile would be broken, or stick out.
const overflowing = () => {
  const parts = document.querySelectorAll("dl.figures dd, dl.figures dt, .band .word, ol.pipeline .badge");
  return [...parts].filter((part) => part.scrollWidth > part.clientWidth + 1).map((part) => part.textContent.slice(0, 60));
};

async function look(browser, path, axe) {
  const { page, say } = await open(browser, path);
  for (const width of WIDTHS) {
    await page.setViewport({ width, height: 900 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > width) say(`at ${width} pixels it is ${wide} wide and scrolls sideways`);
    for (const text of await page.evaluate(overflowing)) say(`at ${width} pixels “${text}” sticks out`);
    if (width === 768) continue;
    for (const value of SCHEMES) {
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
      await page.evaluate(axe);
      // The policy of a page keeps axe, too, from reading its style sheet once more.
      const { violations, passes } = await page.evaluate(() => globalThis.axe.run({ preload: false }));
      if (passes.length === 0) say(`${width} ${value}: axe had nothing to look at`);
      for (const { id, impact, help, nodes } of violations) {
        if (impact === "serious" || impact === "critical") say(`${width} ${value}: ${id}: ${help}: ${nodes[0]?.html}`);
      }
    }
  }
  await page.close();
}

async function search(browser, path) {
  const { page, say } = await open(browser, path);
  if (!(await page.$(".search:not([hidden]) input"))) {
    say("no search field");
    return page.close();
  }
  await page.keyboard.press("/");
  await page.keyboard.type(id.toLowerCase());
  const found = await page.waitForSelector("#found a", { timeout: 20_000 }).catch(() => null);
  if (!found) say(`the search does not find ${id}`);
  else {
    const first = await page.$eval("#found a .name", (name) => name.textContent);
    if (first !== id) say(`the search for ${id} finds ${first} first`);
    await page.keyboard.press("ArrowDown");
    const isFocused = await page.evaluate(() => document.activeElement?.closest("#found") !== null);
    if (!isFocused) say("the arrow keys do not reach the results");
    await page.keyboard.press("Escape");
    if (await page.$("#found:not([hidden])")) say("Escape does not close the results");
    // Enter opens the results again, and then the first of them.
    await page.keyboard.press("Enter");
    await page.waitForSelector("#found:not([hidden]) a");
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
    if (!page.url().endsWith(`/entries/${id.toLowerCase()}.html`)) say(`Enter leads to ${page.url()}`);
  }
  await page.close();
}

const { default: puppeteer } = await import(pathToFileURL(join(modules, "puppeteer", "lib", "puppeteer", "puppeteer.js")));
// Root has no sandbox in a container, and the pages are our own.
const browser = await puppeteer.launch({ executablePath: browserPath, args: ["--no-sandbox"], protocolTimeout: 900_000 });
try {
  const axe = await readFile(resolve("axe-core/axe.min.js"), "utf8");
  const all = await pages();
  for (const path of all) await look(browser, path, axe);
  const deep = all.find((path) => path.startsWith("entries/") && path !== "entries/index.html");
  for (const path of ["index.html", deep].filter(Boolean)) await search(browser, path);
  for (const problem of problems) console.log(problem);
  console.log(`checked ${all.length} pages`);
} finally {
  await browser.close();
}
process.exit(problems.length > 0 ? 1 : 0);
