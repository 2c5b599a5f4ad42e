// The service worker, run with a network and a storage of our own.
import { beforeEach, expect, test, vi } from "vitest";
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
const until = (what, path) => vi.waitFor(() => expect(held(what).filter((url) => url.includes(path))).toHaveLength(1));

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
        listening.fetch({ request: { method: "GET", url: SCOPE + path, mode }, respondWith });
      });
    },
    /** @param {string} name @param {object} event */
    tell(name, event = {}) {
      return new Promise((resolve, reject) => {
        listening[name]({ ...event, waitUntil: (/** @type {Promise<void>} */ work) => work.then(resolve, reject) });
        if (name === "install") resolve(undefined);
      });
    },
  };
}

/** @param {Response | Promise<Response>} response */
const text = async (response) => (await response).text();
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

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
    await settled(); // what goes wrong afterwards is not left unhandled
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
    await until("kept", MODULE);
    network[MANIFEST] = sent;
    hurried = what === "never comes";
    expect(await text(site.get(PAGE, "navigate"))).toBe("the page");
    expect(await text(site.get(MODULE))).toBe("a module");
    await settled();
    expect(held("kept")).toHaveLength(1);
  });
}

test("what is kept is not asked for again, until the site has another", async () => {
  const site = worker();
  await site.get(PAGE, "navigate");
  await site.get(MODULE);
  await until("kept", MODULE);
  asked = [];
  expect(await text(site.get(MODULE))).toBe("a module");
  expect(asked).toEqual([]);
  network[MODULE] = () => new Response("another");
  network[MANIFEST] = () => names(MODULE, "another");
  await site.get(PAGE, "navigate");
  expect(await text(site.get(MODULE))).toBe("another");
  await until("kept", MODULE); // and the old one is forgotten
});

test("what is not what the manifest names is shown and not kept", async () => {
  network[MODULE] = () => new Response("<h1>Please log in</h1>");
  const site = worker();
  expect(await text(site.get(MODULE))).toBe("<h1>Please log in</h1>");
  await settled();
  expect(held("kept")).toEqual([]);
});

test("without a network a page seen before is there, under any query, and no other", async () => {
  const site = worker();
  await site.get(PAGE, "navigate");
  await until("seen", PAGE);
  network = {};
  expect(await text(site.get(PAGE, "navigate"))).toBe("the page");
  expect(await text(site.get(`${PAGE}?q=adam`, "navigate"))).toBe("the page");
  await expect(site.get("chapters/notation.html", "navigate")).rejects.toThrow("Failed to fetch");
});

test("errors, parts of files and detours are passed on and not taken for the page", async () => {
  const detour = Object.defineProperty(new Response("elsewhere"), "redirected", { value: true });
  const site = worker();
  for (const [status, response] of Object.entries({ 503: new Response("down", { status: 503 }), 206: new Response("pa", { status: 206 }), 200: detour })) {
    network[PAGE] = () => response;
    expect((await site.get(PAGE)).status).toBe(Number(status));
    await settled();
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
  await until("kept", MODULE);
  await until("seen", "book.css");
  expect(stored.get("https://book.example/other/ kept")?.size).toBe(1);
});
