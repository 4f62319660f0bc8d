// A photo or scan that was chosen (input[type=file][data-upload]): say its name and size in the element
// that data-upload names by id, and let the form be sent once only. There is no preview: the page's
// policy allows no pictures but our own.

function size(bytes, lang) {
  const [value, unit] = bytes < 1e6 ? [bytes / 1e3, "kilobyte"] : [bytes / 1e6, "megabyte"];
  return new Intl.NumberFormat(lang, {
    style: "unit",
    unit,
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value);
}

for (const input of document.querySelectorAll("input[type=file][data-upload]")) {
  const place = document.getElementById(input.dataset.upload);
  input.addEventListener("change", () => {
    if (!place) return;
    const lang = document.documentElement.lang;
    place.textContent = [...input.files].map((file) => `${file.name} (${size(file.size, lang)})`).join(", ");
  });
  let sent = false;
  // On the window: after autosave.js, which may hold a form back for a moment.
  addEventListener("submit", (event) => {
    if (event.target !== input.form || event.defaultPrevented) return;
    if (sent) event.preventDefault();
    sent = true;
  });
  // Back from the next page: it may be sent again.
  addEventListener("pageshow", () => {
    sent = false;
  });
}
