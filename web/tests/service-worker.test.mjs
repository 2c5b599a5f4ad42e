// The service worker, run with a network and a storage of our own.
import { beforeEach, expect, test } from "vitest";
// @ts-ignore: its text
import SOURCE from "../service-worker.js?raw";

const SCOPE = "https://book.example/some/path/";
const PAGE = "chapters/intro.html";
const MODULE = "_static/live/lab.js";
const MANIFEST = "_static/live/digests.json";
const never = () => new Promise(() => {});
const fails = async () => {
  throw new DOMException("Quota exceeded.", "QuotaExceededError");
};

/** @type {Record<string, () => Response | Promise<Response>>} what the network sends, by path */
let network;
/** @type {string[]} what was asked of it */
let asked;
/** @type {Map<string, Map<string, Response>>} */
let stored;
/** Whether the worker's patience is at an end at once, or never ends. */
let hurried = false;

beforeEach(() => {
  hurried = false;
  asked = [];
  stored = new Map();
  network = { [PAGE]: () => new Response("the page"), [MODULE]: () => new Response("a module"), [MANIFEST]: () => names(MODULE, "a module") };
});

/** A manifest of one file. @param {string} path @param {string} text */
async function names(path, text) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return Response.json({ [path]: Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("") });
}

/** The addresses of what is stored. @param {"kept" | "seen"} what */
function held(what) {
  return [...(stored.get(`${SCOPE} ${what}`)?.keys() ?? [])];
}

/** @param {"kept" | "seen"} what @param {string} path */
const holds = (what, path) => expect(held(what).filter((url) => url.includes(path))).toHaveLength(1);

const storage = {
  open: async (/** @type {string} */ name) => {
    const held = stored.get(name) ?? new Map();
    stored.set(name, held);
    return {
      match: async (/** @type {string} */ url) => held.get(url)?.clone(),
      put: async (/** @type {string} */ url, /** @type {Response} */ response) => {
        if (response.status === 206) throw new TypeError("Partial response (status code 206) is unsupported");
        held.set(url, new Response(await response.arrayBuffer()));
      },
      keys: async () => [...held.keys()].map((url) => ({ url })),
      delete: async (/** @type {string} */ url) => held.delete(url),
    };
  },
};

/** A worker of the site, with this storage. @param {{ open: Function }} caches */
function worker(caches = storage) {
  /** @type {Record<string, Function>} */
  const listening = {};
  /** @type {Promise<void>[]} what it is kept alive for; a browser ends a worker that waits for nothing */
  const waiting = [];
  const waitUntil = (/** @type {Promise<void>} */ work) => void waiting.push(work);
  const fetch = async (/** @type {{ url: string } | string} */ request) => {
    const path = (typeof request === "string" ? request : request.url).slice(SCOPE.length).split("?")[0];
    asked.push(path);
    if (!network[path]) throw new TypeError("Failed to fetch");
    return network[path]();
  };
  const self = {
    registration: { scope: SCOPE },
    addEventListener: (/** @type {string} */ name, /** @type {Function} */ listener) => (listening[name] = listener),
    skipWaiting: fails,
    clients: { claim: fails },
  };
  const soon = (/** @type {() => void} */ then) => hurried && setTimeout(then, 0);
  new Function("self", "caches", "fetch", "setTimeout", SOURCE)(self, caches, fetch, soon);
  return {
    /** @param {string} path @param {string} mode @returns {Promise<Response>} */
    get(path, mode = "no-cors") {
      return new Promise((resolve, reject) => {
        const respondWith = (/** @type {Promise<Response>} */ answer) => answer.then(resolve, reject);
        listening.fetch({ request: { method: "GET", url: SCOPE + path, mode }, respondWith, waitUntil });
      });
    },
    /** @param {string} name @param {object} event */
    tell(name, event = {}) {
      listening[name]({ ...event, waitUntil });
      return this.rest();
    },
    /** Wait until the worker may be ended. */
    async rest() {
      while (waiting.length) await waiting.shift();
    },
  };
}

/** @param {Response | Promise<Response>} response */
const text = async (response) => (await response).text();

/** @type {Record<string, (cache: any) => any>} */
const BAD = {
  "cannot be opened": () => fails(),
  "never opens": never,
  "is full": (cache) => ({ ...cache, put: fails }),
  "cannot be read": (cache) => ({ ...cache, match: fails, keys: fails, delete: fails }),
  "never answers": (cache) => ({ ...cache, match: never, put: never, keys: never }),
};

for (const [what, change] of Object.entries(BAD)) {
  test(`a storage that ${what} hides nothing that the network sends`, async () => {
    hurried = what.startsWith("never");
    const site = worker({ open: async (/** @type {string} */ name) => change(await storage.open(name)) });
    expect(await text(site.get(PAGE, "navigate"))).toBe("the page");
    expect(await text(site.get(MODULE))).toBe("a module");
    if (!hurried) await site.rest(); // what goes wrong afterwards is not left unhandled
  });
}

test("a storage that throws at a touch hides nothing either", async () => {
  const site = worker({
    open: () => {
      throw new DOMException("The operation is insecure.", "SecurityError");
    },
  });
  expect(await text(site.get(PAGE, "navigate"))).toBe("the page");
  expect(await text(site.get(MODULE))).toBe("a module");
  await site.tell("message", { data: { keep: ["_static/live/"] } });
});

test("no handler is rejected", async () => {
  const site = worker();
  await site.tell("install");
  await site.tell("activate");
  for (const data of [undefined, null, {}, { keep: ["_static/"] }]) await site.tell("message", { data });
});

for (const [what, sent] of Object.entries({
  "is missing": () => new Response("no", { status: 404 }),
  "is a page": () => new Response("<h1>Please log in</h1>"),
  "is null": () => Response.json(null),
  "never comes": /** @type {() => Promise<any>} */ (never),
})) {
  test(`a manifest that ${what} holds nothing up and forgets nothing`, async () => {
    const site = worker();
    await site.get(PAGE, "navigate");
    await site.get(MODULE);
    await site.rest();
    holds("kept", MODULE);
    network[MANIFEST] = sent;
    hurried = what === "never comes";
    expect(await text(site.get(PAGE, "navigate"))).toBe("the page");
    expect(await text(site.get(MODULE))).toBe("a module");
    if (!hurried) await site.rest();
    holds("kept", MODULE);
  });
}

test("what is kept is not asked for again, until the site has another", async () => {
  const site = worker();
  await site.get(PAGE, "navigate");
  await site.get(MODULE);
  await site.rest();
  holds("kept", MODULE);
  asked = [];
  expect(await text(site.get(MODULE))).toBe("a module");
  expect(asked).toEqual([]);
  network[MODULE] = () => new Response("another");
  network[MANIFEST] = () => names(MODULE, "another");
  await site.get(PAGE, "navigate");
  expect(await text(site.get(MODULE))).toBe("another");
  await site.rest();
  holds("kept", MODULE); // and the old one is forgotten
});

test("what is not what the manifest names is shown and not kept", async () => {
  network[MODULE] = () => new Response("<h1>Please log in</h1>");
  const site = worker();
  expect(await text(site.get(MODULE))).toBe("<h1>Please log in</h1>");
  await site.rest();
  expect(held("kept")).toEqual([]);
});

test("without a network a page seen before is there, under any query, and no other", async () => {
  const site = worker();
  await site.get(PAGE, "navigate");
  await site.rest();
  network = {};
  expect(await text(site.get(PAGE, "navigate"))).toBe("the page");
  expect(await text(site.get(`${PAGE}?q=adam`, "navigate"))).toBe("the page");
  await expect(site.get("chapters/notation.html", "navigate")).rejects.toThrow("Failed to fetch");
});

test("a page is kept with the pictures and the fonts of formulas that it has not asked for yet", async () => {
  const font = "_static/maths/fonts/Size4.woff2";
  const [near, far] = ["_images/near.svg", "_images/far.svg"];
  const elsewhere = '<img src="https://other.example/some/path/x.svg"><img src="/x.svg"><img data-src="../y.svg">';
  const pictures = `<img src="../${near}"><img class="a" alt="src=x" loading="lazy" src="../${far}?v=1"/>`;
  network[PAGE] = () => new Response(`${elsewhere}${pictures}<img src="../_images/missing.svg">`);
  network[near] = network[far] = () => new Response("<svg/>");
  network[font] = () => new Response("a font");
  network[MANIFEST] = () => names(font, "a font");
  const site = worker();
  await site.get(near);
  await site.get(PAGE, "navigate");
  await site.rest();
  expect(asked.filter((path) => path.startsWith("_images"))).toEqual([near, far, "_images/missing.svg"]);
  expect(asked).not.toContain("chapters/y.svg");
  network = {};
  expect(await text(site.get(PAGE, "navigate"))).toContain("far.svg");
  for (const path of [near, far]) expect(await text(site.get(path))).toBe("<svg/>");
  expect(await text(site.get(font))).toBe("a font");
});

test("without a network there is no hurry: what storage gives late is shown", async () => {
  const site = worker();
  for (const path of [PAGE, MODULE]) await site.get(path, path === PAGE ? "navigate" : "no-cors");
  await site.rest();
  network = {};
  hurried = true;
  const late = (/** @type {Function} */ act) => async (/** @type {string} */ url) => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    return act(url);
  };
  const slow = worker({
    open: async (/** @type {string} */ name) => {
      const cache = await storage.open(name);
      return { ...cache, match: late(cache.match) };
    },
  });
  expect(await text(slow.get(PAGE, "navigate"))).toBe("the page");
  expect(await text(slow.get(MODULE))).toBe("a module");
});

test("errors, parts of files and detours are passed on and not taken for the page", async () => {
  const detour = Object.defineProperty(new Response("elsewhere"), "redirected", { value: true });
  const site = worker();
  for (const [status, response] of Object.entries({ 503: new Response("down", { status: 503 }), 206: new Response("pa", { status: 206 }), 200: detour })) {
    network[PAGE] = () => response;
    expect((await site.get(PAGE)).status).toBe(Number(status));
    await site.rest();
    expect(held("seen")).toEqual([]);
  }
});

test("each file has one place, however its editions are named, and only pages' own site is touched", async () => {
  network["_static/book.css"] = () => new Response("p {}");
  stored.set("https://book.example/other/ kept", new Map([["x", new Response("x")]]));
  const site = worker();
  for (const edition of ["1", "2"]) await site.get(`_static/book.css?v=${edition}`);
  await site.get(PAGE, "navigate");
  await site.get(MODULE);
  await site.rest();
  holds("kept", MODULE);
  holds("seen", "book.css");
  expect(stored.get("https://book.example/other/ kept")?.size).toBe(1);
});
