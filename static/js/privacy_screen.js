// "Someone is looking along": cover first, then go. The server decides what the next page shows; this only
// hides what is on the screen at once, gives unsaved text a moment to be saved, and posts the form.
//
// form[data-privacy-screen]              the button in the header; three times Shift within a second does the same
// [data-idle-cover]             a page that does so by itself after ten minutes (or its value, in seconds)
// body[data-idle-to]           a calm page that goes to the plain day screen after the same time;
//                              data-idle-after: another number of seconds

const FLUSH_MS = 800;
const IDLE_SECONDS = 600;
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
  form.submit();
}

form?.addEventListener("submit", (event) => {
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

// A sleeping laptop does not run timers: the time of the last sign of life is compared instead.
const idle = document.querySelector("[data-idle-cover]");
const elsewhere = document.body.dataset.idleTo;
if (idle || elsewhere) {
  const limit = 1000 * (Number(idle?.dataset.idleCover || document.body.dataset.idleAfter) || IDLE_SECONDS);
  let last = Date.now();
  const check = () => {
    if (Date.now() - last < limit) return;
    if (!elsewhere) cover();
    else if (location.href !== new URL(elsewhere, location.href).href) location.replace(elsewhere);
  };
  for (const name of ["keydown", "pointerdown", "pointermove", "touchstart", "scroll"]) {
    document.addEventListener(name, () => { last = Date.now(); }, { passive: true, capture: true });
  }
  document.addEventListener("visibilitychange", check);
  setInterval(check, Math.min(5000, limit));
}

// The back button may show a page as it was, from before someone looked along: ask the server again.
addEventListener("pageshow", (event) => {
  if (event.persisted) {
    document.querySelector("main")?.setAttribute("hidden", "");
    location.reload();
  }
});
