// Opens pages in Firefox and tells what was seen; asked by firefox.py, which says what a visit is.
// usage: node firefox.mjs EXECUTABLE < visits.json > seen.json
import { createRequire } from "node:module";
import { json } from "node:stream/consumers";

const { default: puppeteer } = createRequire(new URL("../../web/", import.meta.url))("puppeteer-core");
const PATIENCE = 120_000; // milliseconds: a loaded machine is no fault of a page's

const SCHEMES = { dark: 0, light: 1 };
const WATCH = () =>
  addEventListener("securitypolicyviolation", (event) =>
    console.error(`forbidden: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));

const launch = (scheme) =>
  puppeteer.launch({
    browser: "firefox",
    executablePath: process.argv[2],
    args: ["--remote-allow-system-access"], // printed() reaches into the browser itself
    timeout: PATIENCE,
    protocolTimeout: PATIENCE,
    extraPrefsFirefox: {
      "layout.css.prefers-color-scheme.content-override": SCHEMES[scheme],
      "ui.prefersReducedMotion": 1,
      "ui.useOverlayScrollbars": 1, // or the page is narrower than the window
    },
  });

/** Note what goes wrong on a page, and what it asks for. */
function watch(page) {
  const seen = { result: null, problems: [], requests: [] };
  page.on("console", (message) => {
    if (["error", "warn"].includes(message.type())) seen.problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => seen.problems.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (request.url().startsWith("http")) seen.requests.push(request.url()); // not what a page carries in itself
  });
  page.on("requestfailed", (request) =>
    seen.problems.push(`failed: ${request.url()} ${request.failure()?.errorText}`));
  page.on("response", (response) => {
    if (response.status() >= 400) seen.problems.push(`${response.status()} ${response.url()}`);
  });
  return seen;
}

/** Open a page and do there what is asked; what fails is a problem of this visit's alone. */
async function visit(browser, asked) {
  const context = await browser.createBrowserContext(); // which has seen nothing before
  const page = await context.newPage();
  const seen = watch(page);
  try {
    await stay(browser, page, asked, seen);
  } catch (error) {
    seen.problems.push(`visit: ${error.message}`);
  }
  await context.close();
  return seen;
}

async function stay(browser, page, { url, width, medium, script, again, picture }, seen) {
  page.setDefaultTimeout(PATIENCE);
  await page.setViewport({ width, height: 900 });
  await page.evaluateOnNewDocument(WATCH);
  await page.goto(url);
  await page.evaluate(() => document.fonts.ready.then(() => null));
  if (medium === "print") await printed(browser, page);
  if (script) seen.result = await page.evaluate(`(${script}\n)()`);
  if (again) {
    await page.reload();
    seen.result = await page.evaluate(`(${again}\n)()`);
  }
  if (picture) await page.screenshot({ path: picture, fullPage: true });
}

/** Let Firefox lay the page out for paper; WebDriver has no command for it, the browser's own window has. */
async function printed(browser, page) {
  const { result } = await browser.connection.send("browsingContext.getTree", { "moz:scope": "chrome" });
  await browser.connection.send("script.evaluate", {
    expression: `gBrowser.browsers.forEach((tab) => (tab.browsingContext.mediumOverride = "print"))`,
    target: { context: result.contexts[0].context },
    awaitPromise: false,
  });
  await page.waitForFunction(() => matchMedia("print").matches);
}

const visits = await json(process.stdin);
const seen = [];
for (const scheme of Object.keys(SCHEMES)) {
  const wanted = visits.map((asked, place) => ({ ...asked, place })).filter((asked) => asked.scheme === scheme);
  if (!wanted.length) continue;
  const browser = await launch(scheme);
  try {
    for (const asked of wanted) seen[asked.place] = await visit(browser, asked);
  } finally {
    await browser.close();
  }
}
process.stdout.write(JSON.stringify(seen));
