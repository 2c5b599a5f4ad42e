// The print button: the page's policy allows no handlers in the markup.
document.addEventListener("click", ({ target }) => {
  if (target instanceof Element && target.closest("[data-print]")) print();
});
