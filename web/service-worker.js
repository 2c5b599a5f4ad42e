// Makes the second visit start at once, and the pages already seen readable without a network.
// Pages always come from the network when there is one. What runs in them is kept by its content: the manifest,
// which is asked for anew with every page, names the digest of each such file, so an old one is never served.
// A page is kept whole: with the pictures and the fonts of formulas that the browser asks for as the reader nears them.
// No page is worse off than without all this: the storage may be full, broken or slow, and what comes from the network
// is shown all the same.

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const SCOPE = worker.registration.scope;
const KEPT = `${SCOPE} kept`; // other projects may share this origin
const SEEN = `${SCOPE} seen`;
const MANIFEST = `${SCOPE}_static/live/digests.json`;
const FONTS = "_static/maths/fonts/";
const NAMED = /^_static\/(live|plotly|pyodide|search|maths\/fonts)\//; // where the files lie that the manifest names
const PICTURE = /<img (?:[^>]*?\s)?src="([^"]+)"/g;
const PATIENCE = 3000; // milliseconds that the network waits for storage or manifest

/** @type {Promise<Record<string, string>> | undefined} */
let manifest;

worker.addEventListener("install", () => void orNothing(worker.skipWaiting()));
worker.addEventListener("activate", (event) => finish(event, worker.clients.claim()));
worker.addEventListener("message", (event) => finish(event, keep(event, event.data?.keep)));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(SCOPE)) return;
  const isPage = request.mode === "navigate";
  if (isPage) manifest = undefined;
  const answer = NAMED.test(pathOf(request.url)) ? kept(event, request) : newest(event, request);
  if (isPage) finish(event, answer.then((page) => whole(event, request.url, page.clone())));
  event.respondWith(answer);
});

/**
 * Let the worker live until some work is done, or has failed; it is else ended with the event's answer.
 * @param {ExtendableEvent} event
 * @param {Promise<unknown>} work
 */
function finish(event, work) {
  event.waitUntil(orNothing(work));
}

/** @param {string} url */
function pathOf(url) {
  return url.slice(SCOPE.length).split(/[?#]/)[0];
}

/**
 * What a promise gives, or nothing where it fails.
 * @template Value
 * @param {Promise<Value>} promise
 */
function orNothing(promise) {
  return promise.catch(() => undefined);
}

/**
 * What a promise gives, or nothing where it fails or is not kept soon.
 * @template Value
 * @param {Promise<Value>} promise
 * @returns {Promise<Value | undefined>}
 */
function soon(promise) {
  return Promise.race([orNothing(promise), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
}

/**
 * From the network; without one, what was seen last, for which there is no hurry then.
 * @param {ExtendableEvent} event
 * @param {Request | string} request
 * @param {RequestInit} [how]
 */
async function newest(event, request, how) {
  const path = pathOf(typeof request === "string" ? request : request.url);
  try {
    const response = await fetch(request, how);
    // A part (206), or what another address sent, is not this file.
    if (response.status === 200 && !response.redirected) finish(event, put(SEEN, SCOPE + path, response.clone()));
    return response;
  } catch (error) {
    const last = await orNothing(match(SEEN, SCOPE + path));
    if (last) return last;
    throw error;
  }
}

/** See to what a page has yet to ask for. @param {ExtendableEvent} event @param {string} url @param {Response} page */
async function whole(event, url, page) {
  const text = await page.text();
  await keep(event, [FONTS]);
  for (const [, address] of text.matchAll(PICTURE)) {
    const picture = new URL(address, url).href;
    if (!picture.startsWith(SCOPE) || (await match(SEEN, SCOPE + pathOf(picture)))) continue;
    await orNothing(newest(event, picture));
  }
}

/** From what is kept, if it is what the manifest names. @param {ExtendableEvent} event @param {Request} request */
async function kept(event, request) {
  const path = pathOf(request.url);
  let digest = "";
  const found = digests(event).then((named) => {
    digest = named[path] ?? "";
    return digest ? match(KEPT, key(path, digest)) : undefined;
  });
  const ready = await soon(found);
  if (ready) return ready;
  try {
    if (!digest) return await newest(event, request);
    const response = await fetch(request);
    if (response.status === 200) finish(event, store(path, digest, response.clone()));
    return response;
  } catch (error) {
    const late = await orNothing(found);
    if (late) return late;
    throw error;
  }
}

/** @param {ExtendableEvent} event @returns {Promise<Record<string, string>>} the digest of each file that may be kept */
function digests(event) {
  manifest ??= newest(event, MANIFEST, { cache: "no-cache" })
    .then((response) => response.json())
    .then((named) => {
      finish(event, tidy(named));
      return named;
    })
    .catch(() => ({}));
  finish(event, manifest);
  return manifest;
}

/**
 * Keep the files whose paths begin so, most of which the browser already has.
 * @param {ExtendableEvent} event
 * @param {string[]} [beginnings]
 */
async function keep(event, beginnings = []) {
  for (const [path, digest] of Object.entries(await digests(event))) {
    const wanted = beginnings.some((beginning) => path.startsWith(beginning));
    if (!wanted || (await match(KEPT, key(path, digest)))) continue;
    const response = await fetch(SCOPE + path, { cache: "force-cache" });
    if (response.status === 200) await store(path, digest, response);
  }
}

/** @param {string} path @param {string} digest @param {Response} response */
async function store(path, digest, response) {
  const body = await response.arrayBuffer();
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  const found = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (found !== digest) return; // the site changed meanwhile, or something else was sent
  const headers = { "Content-Type": response.headers.get("Content-Type") ?? "application/octet-stream" };
  await put(KEPT, key(path, digest), new Response(body, { headers }));
}

/** Forget what the manifest no longer names. @param {Record<string, string>} named */
async function tidy(named) {
  const cache = await caches.open(KEPT);
  const wanted = new Set(Object.entries(named).map(([path, digest]) => key(path, digest)));
  for (const { url } of await cache.keys()) if (!wanted.has(url)) await cache.delete(url);
}

/** @param {string} name @param {string} url @param {Response} response */
async function put(name, url, response) {
  await (await caches.open(name)).put(url, response);
}

/** @param {string} name @param {string} url */
async function match(name, url) {
  return (await caches.open(name)).match(url, { ignoreVary: true });
}

/** @param {string} path @param {string} digest */
function key(path, digest) {
  return `${SCOPE}${path}?${digest}`;
}
