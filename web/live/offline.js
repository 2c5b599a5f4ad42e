// Asks the service worker to keep what was just loaded, so that the next visit starts at once.

/**
 * @param {...string} beginnings of paths in the site, such as "_static/pyodide/"
 * @returns {Promise<void>} when it is asked; where it cannot be, the next visit loads again
 */
export async function keep(...beginnings) {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register(new URL("../../service-worker.js", import.meta.url));
    const { active } = await navigator.serviceWorker.ready;
    active?.postMessage({ keep: beginnings });
  } catch {
    // not over a secure connection, or forbidden by the reader's settings
  }
}
