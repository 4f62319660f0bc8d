// "Cover the screen": hide first, then go. The server decides what the next page shows; this only hides what
// is on the screen at once, waits a moment for unsaved text to be saved, and asks the server to cover. The page
// that was there leaves no entry in the browser's history.
//
// form[data-privacy-screen]   the button in the header; three times Shift within a second does the same.
//                             data-to: the address of the privacy screen
// button[data-cover]          another button that does so (without script it posts its own form)
// form with "made_for"        (cases/views/form_owner.py) what is typed there and not saved goes along, and
//                             stands there again afterwards; a form that saves itself only when that failed
// main[data-posted]           the page answers a form: what stands in its fields is not saved
// [data-idle-cover]           a page that does so by itself after ten minutes (or its value, in seconds)

const FLUSH_MS = 800;
const IDLE_SECONDS = 600;
const MOST_TO_SEND = 2_000_000; // the server refuses more
const form = document.querySelector("form[data-privacy-screen]");
let covered = false;

async function cover() {
  if (covered || !form) return;
  covered = true;
  for (const part of document.querySelectorAll("main, .st-bar, .st-messages, [data-cover]")) part.hidden = true;
  document.title = "Steentje";
  // autosave.js pushes a promise here when it still has something to save.
  const saves = [];
  document.dispatchEvent(new CustomEvent("steentje:cover", { detail: saves }));
  await Promise.race([Promise.allSettled(saves), new Promise((done) => setTimeout(done, FLUSH_MS))]);
  takeAlong();
  await go();
}

function isChanged(field) {
  if (field.matches("[type=radio], [type=checkbox]")) return field.checked !== field.defaultChecked;
  if (field.matches("select")) {
    const options = [...field.options];
    if (!options.some((option) => option.defaultSelected)) return field.selectedIndex > 0;
    return options.some((option) => option.selected !== option.defaultSelected);
  }
  return field.matches("input:not([type=file]), textarea") && field.value !== field.defaultValue;
}

// Whether a form holds something that the server does not have. A form that saves itself marks that.
function isUnsaved(each, posted) {
  if ("autosave" in each.dataset) return "notSaved" in each.dataset;
  return posted || [...each.elements].some(isChanged);
}

function textFields(each) {
  return [...new FormData(each)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
}

// Where each form is sent to and what is in it: of those that hold something that is not saved.
function typed() {
  const posted = document.querySelector("main[data-posted]") !== null;
  const found = [];
  for (const each of document.querySelectorAll("form[method=post]:not([data-privacy-screen])")) {
    if (!each.elements.namedItem("made_for") || !isUnsaved(each, posted)) continue;
    const fields = textFields(each);
    if (!fields.some(([name, value]) => name !== "made_for" && value.trim())) continue;
    const { pathname } = new URL(each.getAttribute("action") || location.href, location.href);
    found.push({ to: pathname, fields });
  }
  return withoutTooMuch(found);
}

// The forms as they are until the server's limit is reached; those after it without their fields.
function withoutTooMuch(found) {
  let size = 0;
  return found.map((each) => {
    size += new URLSearchParams({ typed: JSON.stringify(each) }).toString().length;
    if (size < MOST_TO_SEND) return each;
    return { to: each.to, fields: each.fields.filter(([name]) => name === "made_for"), too_much: true };
  });
}

function takeAlong() {
  const found = typed();
  if (!found.length) return;
  const input = Object.assign(document.createElement("input"), {
    type: "hidden",
    name: "typed",
    value: JSON.stringify(found),
  });
  form.append(input);
}

// A redirect is the answer that is hoped for: the screen is covered, or the sign-in has ended.
async function go() {
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      credentials: "same-origin",
      redirect: "manual",
    });
    if (answer.type === "opaqueredirect") return location.replace(form.dataset.to);
  } catch {
    // Without a network the browser's own error page hides what was there.
  }
  return form.submit();
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  cover();
});

document.addEventListener("click", (event) => {
  if (!event.target.closest?.("button[data-cover]")) return;
  event.preventDefault();
  cover();
});

let presses = [];
document.addEventListener("keydown", (event) => {
  if (event.key !== "Shift") {
    presses = [];
    return;
  }
  if (event.repeat) return;
  const now = Date.now();
  presses = [...presses.filter((at) => now - at < 1000), now];
  if (presses.length >= 3) {
    presses = [];
    cover();
  }
});

// Covers a page that nobody has used for a while. A laptop that sleeps does not run timers, so the time of
// the last sign of use is compared.
function coverWhenIdle(limit) {
  let last = Date.now();
  const used = () => {
    last = Date.now();
  };
  const check = () => {
    if (Date.now() - last >= limit) cover();
  };
  for (const name of ["keydown", "pointerdown", "pointermove", "touchstart", "scroll"]) {
    document.addEventListener(name, used, { passive: true, capture: true });
  }
  document.addEventListener("visibilitychange", check);
  setInterval(check, Math.min(5000, limit));
}

const idle = document.querySelector("[data-idle-cover]");
if (idle) coverWhenIdle(1000 * (Number(idle.dataset.idleCover) || IDLE_SECONDS));

// The back button may show a page as it was, from before someone looked along: ask the server again.
addEventListener("pageshow", (event) => {
  if (event.persisted) {
    document.querySelector("main")?.setAttribute("hidden", "");
    location.reload();
  }
});
