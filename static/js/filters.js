// Filters (form[data-filters], method get) apply as soon as a choice is made. The button stays, for
// who has no script and for text fields. Choosing with the keyboard passes through other choices,
// so a moment's rest is waited for.

for (const form of document.querySelectorAll("form[data-filters]")) {
  let timer;
  form.addEventListener("change", () => {
    clearTimeout(timer);
    timer = setTimeout(() => form.requestSubmit(), 500);
  });
  form.addEventListener("submit", () => clearTimeout(timer));
}
