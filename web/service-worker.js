// Makes the second visit start at once, and the pages already seen readable without a network.
// Pages always come from the network when there is one. What runs in them is kept by its content: the manifest,
// which is asked for anew with every page, names the digest of each such file, so an old one is never served.

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const SCOPE = worker.registration.scope;
const KEPT = `${SCOPE} kept`; // other projects may share this origin
const SEEN = `${SCOPE} seen`;
const MANIFEST = `${SCOPE}_static/live/digests.json`;

/** @type {Promise<Record<string, string>> | undefined} */
let manifest;

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("message", (event) => event.waitUntil(keep(event.data.keep)));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(SCOPE)) return;
  if (request.mode === "navigate") manifest = undefined;
  event.respondWith(pathOf(request.url).startsWith("_static/") ? kept(request) : newest(request));
});

/** @param {string} url */
function pathOf(url) {
  return new URL(url).href.slice(SCOPE.length).split(/[?#]/)[0];
}

/** From the network; without one, what was seen last. @param {Request | string} request @param {RequestInit} [how] */
async function newest(request, how) {
  const seen = await caches.open(SEEN);
  try {
    const response = await fetch(request, how);
    if (response.ok) await seen.put(request, response.clone());
    return response;
  } catch (error) {
    const last = await seen.match(request, { ignoreVary: true });
    if (last) return last;
    throw error;
  }
}

/** From what is kept, if it is what the manifest names. @param {Request} request */
async function kept(request) {
  const path = pathOf(request.url);
  const digest = (await digests())[path];
  if (!digest) return newest(request);
  const found = await (await caches.open(KEPT)).match(key(path, digest));
  if (found) return found;
  const response = await fetch(request);
  if (response.ok) store(path, digest, response.clone());
  return response;
}

/** @returns {Promise<Record<string, string>>} the digest of each file that may be kept */
function digests() {
  manifest ??= newest(MANIFEST, { cache: "no-cache" })
    .then((response) => response.json())
    .then(async (named) => {
      await tidy(named);
      return named;
    })
    .catch(() => ({}));
  return manifest;
}

/** Keep the files whose paths begin so, most of which the browser already has. @param {string[]} beginnings */
async function keep(beginnings) {
  const cache = await caches.open(KEPT);
  for (const [path, digest] of Object.entries(await digests())) {
    const wanted = beginnings.some((beginning) => path.startsWith(beginning));
    if (!wanted || (await cache.match(key(path, digest)))) continue;
    const response = await fetch(SCOPE + path, { cache: "force-cache" });
    if (response.ok) await store(path, digest, response);
  }
}

/** @param {string} path @param {string} digest @param {Response} response */
async function store(path, digest, response) {
  const body = await response.arrayBuffer();
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  const found = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (found !== digest) return; // the site changed meanwhile
  const headers = { "Content-Type": response.headers.get("Content-Type") ?? "application/octet-stream" };
  await (await caches.open(KEPT)).put(key(path, digest), new Response(body, { headers }));
}

/** Forget what the manifest no longer names. @param {Record<string, string>} named */
async function tidy(named) {
  const cache = await caches.open(KEPT);
  const wanted = new Set(Object.entries(named).map(([path, digest]) => key(path, digest)));
  for (const { url } of await cache.keys()) if (!wanted.has(url)) await cache.delete(url);
}

/** @param {string} path @param {string} digest */
function key(path, digest) {
  return `${SCOPE}${path}?${digest}`;
}
