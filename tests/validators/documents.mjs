// What other programs make of relplan's documents: the second opinion of tests/it/documents.rs.
//
//     node documents.mjs FOLDER BROWSER MODULES
//
// lints every Markdown file of the folder, draws every Mermaid file and every chart in Markdown, and
// opens every page in a browser, wide and narrow, light and dark. One browser serves all of it.
// Ends with 1 and a line for each problem, or with 0.

import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";

const [, , folder, browserPath, modules] = process.argv;
// This file lies beside the tests and the packages do not, so they are named by their place.
const resolve = createRequire(join(modules, "..", "package.json")).resolve;
const load = async (name) => import(pathToFileURL(name.startsWith("/") ? name : resolve(name)));
const problems = [];
const names = (await readdir(folder)).sort();
const of = (...endings) => names.filter((name) => endings.some((ending) => name.endsWith(ending)));
const text = (name) => readFile(join(folder, name), "utf8");

// Lines are as long as the plan's sentences, and its titles end as they like; headings may recur under
// different chapters, and tables are not padded.
const RULES = { default: true, MD013: false, MD024: { siblings_only: true }, MD026: false, MD033: { allowed_elements: ["details", "summary"] }, MD060: false };

async function lintMarkdown() {
  const { lint } = await load(join(modules, "markdownlint", "lib", "exports-promise.mjs"));
  const files = of(".md").map((name) => join(folder, name));
  const results = await lint({ files, config: RULES });
  for (const [file, found] of Object.entries(results)) {
    for (const { lineNumber, ruleNames, ruleDescription, errorContext } of found) {
      problems.push(`${basename(file)}:${lineNumber}: ${ruleNames[0]} ${ruleDescription}: ${errorContext ?? ""}`);
    }
  }
}

// Drawing takes seconds, and several files hold the same: each text is checked once, by the first name.
const distinct = (pairs) => {
  const seen = new Map();
  for (const [name, content] of pairs) if (!seen.has(content)) seen.set(content, name);
  return [...seen].map(([content, name]) => [name, content]);
};

async function charts() {
  const found = [];
  for (const name of of(".mmd")) found.push([name, await text(name)]);
  for (const name of of(".md")) {
    const fences = (await text(name)).matchAll(/^```mermaid\n([\s\S]*?)^```$/gm);
    for (const [, chart] of fences) found.push([name, chart]);
  }
  return distinct(found);
}

const pages = async () => distinct(await Promise.all(of(".html").map(async (name) => [name, await text(name)])));

async function drawMermaid(browser) {
  const { renderMermaid } = await load(join(modules, "@mermaid-js", "mermaid-cli", "src", "index.js"));
  for (const [name, chart] of await charts()) {
    try {
      const { data } = await renderMermaid(browser, chart, "svg");
      const drawn = new TextDecoder().decode(data);
      if (/Syntax error|Maximum text size|Unsupported markdown/.test(drawn)) {
        problems.push(`${name}: Mermaid draws an error`);
      }
    } catch (error) {
      problems.push(`${name}: Mermaid: ${String(error.message ?? error).split("\n").slice(0, 6).join(" / ")}`);
    }
  }
}

const SIZES = [1280, 390];
const SCHEMES = ["light", "dark"];

async function openPages(browser) {
  const axe = await readFile(resolve("axe-core/axe.min.js"), "utf8");
  for (const [name] of await pages()) {
    const page = await browser.newPage();
    const say = (problem) => problems.push(`${name}: ${problem}`);
    const address = pathToFileURL(join(folder, name)).href;
    page.on("console", (message) => message.type() === "error" && say(`console: ${message.text()}`));
    page.on("pageerror", (error) => say(`error: ${error.message}`));
    page.on("dialog", (dialog) => (say("a dialog opened"), dialog.dismiss()));
    page.on("request", (request) => {
      const url = request.url();
      if (url !== address && !url.startsWith("data:")) say(`it asks for ${url}`);
    });
    await page.setViewport({ width: SIZES[0], height: 900 });
    await page.goto(address);
    await page.evaluate(axe);
    for (const width of SIZES) {
      await page.setViewport({ width, height: 900 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      if (wide > width) say(`at ${width} pixels it is ${wide} wide and scrolls sideways`);
      for (const value of SCHEMES) {
        await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
        await accessible(page, `${width} ${value}`, say);
      }
    }
    await page.close();
  }
}

async function accessible(page, where, say) {
  const { violations, passes } = await page.evaluate(() => globalThis.axe.run());
  // A checker that checked nothing has found nothing.
  if (passes.length === 0) say(`${where}: axe had nothing to look at`);
  for (const { id, impact, help, nodes } of violations) {
    if (impact === "serious" || impact === "critical") say(`${where}: ${id}: ${help}: ${nodes[0]?.html}`);
  }
}

await lintMarkdown();
if (browserPath !== "-") await openEverything();
for (const problem of problems) console.log(problem);
const drawn = browserPath === "-" ? "" : `, ${(await charts()).length} charts, ${(await pages()).length} pages`;
console.log(`checked ${of(".md").length} Markdown files${drawn}`);
process.exit(problems.length > 0 ? 1 : 0);

async function openEverything() {
  const { default: puppeteer } = await load(join(modules, "puppeteer", "lib", "puppeteer", "puppeteer.js"));
  // Root has no sandbox in a container, and the pages are our own.
  const browser = await puppeteer.launch({
    executablePath: browserPath,
    args: ["--no-sandbox"],
    // A large drawing takes minutes where other builds share the machine.
    protocolTimeout: 900_000,
  });
  try {
    await Promise.all([drawMermaid(browser), openPages(browser)]);
  } finally {
    await browser.close();
  }
}
