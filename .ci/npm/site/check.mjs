// Opens a site in a browser and checks what a reader does with it: node check.mjs DIR BROWSER.
// Prints a line for each check with its figure; the exit status is 1 if one fails.
import { createReadStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, resolve } from "node:path";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const [folder, browserPath, shots] = process.argv.slice(2);
const dir = resolve(folder);
const pasted = "connect() to unix:/run/php/php8.1-fpm.sock failed (2: No such file or directory) while connecting to upstream, client: 203.0.113.9";
const types = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml" };
const prefix = "/docs"; // the site is below a folder, as on GitHub Pages

const server = createServer((request, response) => {
  const path = normalize(decodeURIComponent(new URL(request.url, "http://a").pathname));
  if (!path.startsWith(prefix + "/")) return response.writeHead(404).end();
  const name = join(dir, path.slice(prefix.length), path.endsWith("/") ? "index.html" : "");
  const file = createReadStream(name);
  file.on("error", () => response.writeHead(404).end());
  file.on("open", () => {
    response.writeHead(200, { "Content-Type": types[extname(name)] ?? "application/octet-stream" });
    file.pipe(response);
  });
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const origin = `http://127.0.0.1:${server.address().port}`;
const home = origin + prefix + "/";

let failed = 0;
const check = (name, wrong, figure) => {
  console.log(`${wrong.length ? "FAILED" : "ok"}: ${name}: ${figure}`);
  for (const w of wrong) console.log(`  ${w}`);
  if (wrong.length) failed++;
};

const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox", "--disable-gpu"] });
const troubles = [];
let requests = 0;
const open = async (options) => {
  const context = await browser.newContext(options);
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin });
  const page = await context.newPage();
  page.setDefaultTimeout(10000);
  page.on("console", (m) => ["error", "warning"].includes(m.type()) && troubles.push(`${page.url()}: ${m.text()}`));
  page.on("pageerror", (e) => troubles.push(`${page.url()}: ${e}`));
  page.on("request", (r) => {
    requests++;
    if (!r.url().startsWith(home)) troubles.push(`a request to ${r.url()}`);
  });
  page.on("response", (r) => r.status() >= 400 && troubles.push(`${r.status()} for ${r.url()}`));
  return page;
};
const paths = async (below) => (await readdir(join(dir, below), { withFileTypes: true })).filter((e) => e.isDirectory()).map((e) => `${below}${e.name}/`);
// sample is one page of each kind, and every guide.
const sample = ["", "rules/", "rules/WP201/", "rules/WP106/", "guides/", "changelog/", ...(await paths("guides/"))];

// search puts the focus into the search with the keyboard, and pastes a text.
const search = async (page, text) => {
  await page.evaluate((t) => navigator.clipboard.writeText(t), text);
  await page.keyboard.press("/");
  await page.keyboard.press("Control+V");
  await page.waitForFunction(() => /result/i.test(document.querySelector(".count").textContent));
  return page.$$eval(".found a", (all) => all.map((a) => a.pathname));
};

const run = async (name, step) => {
  try {
    await step();
  } catch (error) {
    check(name, [String(error)], "it did not end");
  }
};

await run("a pasted log line", async () => {
  const page = await open({ viewport: { width: 1280, height: 800 } });
  for (const start of ["", "rules/WP106/"]) {
    await page.goto(home + start);
    const found = await search(page, pasted);
    const line = await page.$eval(".found .line", (e) => e.textContent);
    const first = prefix + "/rules/WP201/";
    const seventh = found.findIndex((p) => /WP7/.test(p));
    const wrong = [];
    if (found[0] !== first) wrong.push(`the first result is ${found[0]}`);
    if (line !== pasted) wrong.push(`the result shows ${line}`);
    if (seventh < 0 || found.slice(seventh).some((p) => /WP[0-6]/.test(p))) wrong.push(`WP7xx are not last: ${found}`);
    await page.keyboard.press("ArrowDown");
    await Promise.all([page.waitForURL(origin + first), page.keyboard.press("Enter")]);
    check(`a pasted log line, from ${start || "the first page"}, by keyboard`, wrong, `${found.length} results, opens ${await page.title()}`);
  }
  await page.goto(home);
  await search(page, "[pool www] server reached pm.max_children setting (5), consider raising it\nupstream sent too big header while reading response header from upstream\n");
  const lines = await page.$$eval(".found .line", (all) => all.map((e) => e.textContent));
  check("two pasted lines, without their levels", lines.length === 2 ? [] : [`explained: ${lines}`], `${lines.length} lines explained`);
});

await run("a search for words", async () => {
  const page = await open({ viewport: { width: 1280, height: 800 } });
  await page.goto(home);
  const found = await search(page, "max_children");
  check("a search for max_children", found.length >= 3 && found.every((p) => p.startsWith(prefix)) ? [] : [`found ${found}`], `${found.length} pages`);
  await page.keyboard.press("Escape");
  const closed = await page.$eval(".results", (e) => e.hidden && document.activeElement.id === "query");
  check("Escape closes the results", closed ? [] : ["they are open"], "the focus is in the search");
});

await run("the filter of the rules", async () => {
  const page = await open({ viewport: { width: 1280, height: 800 } });
  await page.goto(home + "rules/");
  await page.fill("#filter", "socket-mismatch");
  const rows = await page.$$eval("table.rules tbody tr:not([hidden])", (all) => all.length);
  check("the filter of the rules", rows === 1 ? [] : [`${rows} rows`], await page.textContent(".filter [role=status]"));
  await page.goto(home + "rules/socket-mismatch/");
  await page.waitForURL(home + "rules/WP201/");
  check("a rule by its name", [], "leads to rules/WP201/");
});

await run("380 px", async () => {
  const page = await open({ viewport: { width: 380, height: 800 } });
  const wrong = [];
  let widest = 0;
  for (const path of sample) {
    await page.goto(home + path);
    const width = await page.evaluate(() => document.scrollingElement.scrollWidth);
    widest = Math.max(widest, width);
    if (width > 380) wrong.push(`${path}: ${width} px`);
  }
  check("no page scrolls sideways at 380 px", wrong, `${sample.length} pages, the widest ${widest} px`);
});

await run("accessibility", async () => {
  const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  const wrong = [];
  let rules = 0;
  for (const colorScheme of ["light", "dark"]) {
    const page = await open({ viewport: { width: 1280, height: 800 }, colorScheme });
    for (const path of sample) {
      await page.goto(home + path);
      if (path === "") await search(page, pasted);
      await page.evaluate(axe);
      const result = await page.evaluate(() => window.axe.run(document));
      rules += result.passes.length;
      for (const v of result.violations.filter((v) => ["serious", "critical"].includes(v.impact))) {
        wrong.push(`${path} (${colorScheme}): ${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target + " " + (n.any[0]?.message ?? "")).join(", ")}`);
      }
    }
  }
  check("axe finds nothing serious", wrong, `${sample.length} pages in light and dark, ${rules} rules passed`);
});

await run("without JavaScript", async () => {
  const page = await open({ viewport: { width: 1280, height: 800 }, javaScriptEnabled: false });
  await page.goto(home + "rules/");
  const links = await page.locator("table.rules a:visible").count();
  check("the rules without JavaScript", links >= 90 ? [] : ["too few"], `${links} links`);
});

await run("a page opened as a file", async () => {
  const page = await browser.newPage();
  const wrong = [];
  page.on("console", (m) => m.type() === "error" && wrong.push(m.text()));
  await page.goto("file://" + join(dir, "index.html"));
  await page.click("nav a:has-text('Rules')");
  await page.click("a:has-text('WP201')");
  await page.waitForSelector("h1:has-text('socket-mismatch')");
  const font = await page.$eval("h1 .code", (e) => getComputedStyle(e).fontFamily);
  if (!font.includes("monospace")) wrong.push("no style");
  check("a page opened as a file", wrong, `leads to ${page.url().slice(page.url().indexOf("/rules/"))}`);
  await page.close();
});

if (shots) {
  for (const [name, path, width, colorScheme, text] of [
    ["index", "", 1280, "light"], ["index-dark", "", 1280, "dark"], ["search", "", 1280, "light", pasted], ["search-words", "rules/", 1280, "dark", "max_children"],
    ["rule", "rules/WP201/", 1280, "light"], ["rule-dark", "rules/WP201/", 1280, "dark"], ["rules", "rules/", 1280, "light"], ["guides", "guides/", 1280, "light"], ["guide", "guides/manual/", 1280, "light"],
    ["index-380", "", 380, "light"], ["rule-380", "rules/WP201/", 380, "light"], ["rule-380-dark", "rules/WP201/", 380, "dark"], ["rules-380", "rules/", 380, "light"], ["search-380", "", 380, "light", pasted], ["lab-380", "guides/lab/", 380, "light"],
  ]) {
    const page = await open({ viewport: { width, height: width === 380 ? 1500 : 1000 }, colorScheme });
    await page.goto(home + path);
    if (text) await search(page, text);
    await page.screenshot({ path: join(shots, name + ".png") });
  }
}
check("no error in the console, no request to another origin", [...new Set(troubles)], `${requests} requests`);
await browser.close();
server.close();
process.exitCode = failed ? 1 : 0;
