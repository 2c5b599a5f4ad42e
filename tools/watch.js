// Loads the page anew when `make watch` has built the next edition of it.

const { edition } = document.currentScript.dataset;
const asking = setInterval(async () => {
  try {
    const response = await fetch("/edition.txt", { cache: "no-store" });
    if (!response.ok || (await response.text()) === edition) return;
  } catch {
    return; // nobody is watching just now
  }
  clearInterval(asking);
  location.reload();
}, 300);
