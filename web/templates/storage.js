// Where the browser keeps nothing (cookies are blocked, or there is no room), this does for as long as the page is
// open. The theme and the search then need not know.
for (const name of ["localStorage", "sessionStorage"]) {
  const held = new Map();
  try {
    const storage = window[name];
    for (const key of Object.keys(storage)) held.set(key, storage.getItem(key));
    storage.setItem("room", "?".repeat(1000)); // more than a theme's name needs
    storage.removeItem("room");
  } catch {
    const standIn = {
      getItem: (key) => held.get(String(key)) ?? null,
      setItem: (key, value) => void held.set(String(key), String(value)),
      removeItem: (key) => void held.delete(String(key)),
      clear: () => held.clear(),
      key: (index) => [...held.keys()][index] ?? null,
      get length() {
        return held.size;
      },
    };
    Object.defineProperty(window, name, { value: standIn, configurable: true });
  }
}
