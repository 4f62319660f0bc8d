// Parts of a page that htmx fetches (hx-get, hx-post). When one does not come, the page keeps what was there
// and says why in a note above it, with a way on.
//
// [data-part-notes]           holds the notes; data-token-url gives a fresh CSRF token
// template[data-part-is=...]  the words for each reason (templates/components/_part_messages.html); in them
//                             a[data-part-sign-in] leads to signing in and back, [data-part-again] asks once
//                             more, a[data-part-reload] opens the page anew
//
// Reasons: signed-out · covered (the screen, in another tab) · changed (the way leads elsewhere now) ·
// forbidden · gone · offline · failed. The server names the first three in the header Steentje-Part.

import { freshToken } from "./csrf_token.js";

const BY_STATUS = { 401: "signed-out", 403: "forbidden", 404: "gone" };
const BY_ITSELF = ["signed-out", "covered", "offline"]; // tried again when somebody comes back to the page
const AFTER_A_WHILE = ["offline", "failed"]; // these are asked for again with growing pauses
const PAUSES_MS = [2000, 4000, 8000, 16000, 30000];

const words = document.querySelector("[data-part-notes]");
const failed = new Map(); // the element that a part goes to: { why, note, config, tries, timer }
const refreshed = new Set(); // for these a fresh token was fetched, and not used yet

// What is on the page comes from a form that somebody may have typed in.
const holdsText = (config) => config.verb !== "get";

// The full page's address, with its filters: where filters are part of the address, those just chosen.
function addressOf({ requestConfig, pathInfo }) {
  const pushes = requestConfig.elt.closest("[hx-push-url='true']");
  return pushes && pathInfo.finalRequestPath ? pathInfo.finalRequestPath : location.pathname + location.search;
}

function noteFor(why, detail) {
  const form = holdsText(detail.requestConfig);
  const template =
    words.querySelector(`template[data-part-is="${why}${form ? "-form" : ""}"]`) ||
    words.querySelector(`template[data-part-is="${why}"]`);
  const note = template.content.firstElementChild.cloneNode(true);
  const address = addressOf(detail);
  for (const link of note.querySelectorAll("[data-part-sign-in]")) {
    link.href += `?next=${encodeURIComponent(address)}`;
  }
  for (const link of note.querySelectorAll("[data-part-reload]")) link.href = address;
  for (const button of note.querySelectorAll("[data-part-again]")) {
    button.addEventListener("click", () => again(detail.target));
  }
  return note;
}

function fail(why, detail) {
  const { target } = detail;
  const before = failed.get(target);
  if (before?.why === why && before.note.isConnected) {
    // The note is there already; a new one for each poll would be read out every two seconds.
    before.config = detail.requestConfig;
    for (const link of before.note.querySelectorAll("[data-part-sign-in]")) {
      link.href = `${link.href.split("?")[0]}?next=${encodeURIComponent(addressOf(detail))}`;
    }
    againLater(target, before);
    return;
  }
  clearTimeout(before?.timer);
  before?.note.remove();
  const note = noteFor(why, detail);
  target.before(note);
  const entry = { why, note, config: detail.requestConfig, tries: 0 };
  failed.set(target, entry);
  againLater(target, entry);
}

// What only reads is asked for again; what asks every few seconds does so anyway.
function againLater(target, entry) {
  const { verb, elt } = entry.config;
  const polls = (elt.getAttribute("hx-trigger") || "").includes("every");
  if (!AFTER_A_WHILE.includes(entry.why) || verb !== "get" || polls) return;
  clearTimeout(entry.timer);
  entry.timer = setTimeout(() => again(target), PAUSES_MS[Math.min(entry.tries, PAUSES_MS.length - 1)]);
  entry.tries += 1;
}

function good(target) {
  refreshed.delete(target);
  clearTimeout(failed.get(target)?.timer);
  failed.get(target)?.note.remove();
  failed.delete(target);
}

function again(target, config = failed.get(target)?.config) {
  if (!config) return;
  const { verb, path, elt, triggeringEvent } = config;
  if (elt.isConnected) window.htmx.ajax(verb, path, { source: elt, event: triggeringEvent });
}

// After signing in anew the page's token is too old: put in a fresh one and ask once more.
async function renewToken(detail) {
  refreshed.add(detail.target);
  try {
    const answer = await freshToken(words.dataset.tokenUrl, { "HX-Request": "true" });
    if (!answer.ok) return fail(answer.status === 401 ? "signed-out" : "failed", detail);
  } catch {
    return fail("failed", detail);
  }
  return again(detail.target, detail.requestConfig);
}

// Keeps out an answer that is not the part: led to another page, or made by something before the server.
function checkAnswer({ detail }) {
  if (!detail.shouldSwap) return;
  const asked = new URL(detail.pathInfo.finalRequestPath || detail.pathInfo.requestPath, location.href);
  const given = new URL(detail.xhr.responseURL || asked, location.href);
  const wanted = detail.requestConfig.elt.getAttribute("hx-select");
  const there = !wanted || detail.serverResponse.includes(`id="${wanted.slice(1)}"`);
  if (given.pathname === asked.pathname && there) {
    good(detail.target);
    return;
  }
  detail.shouldSwap = false;
  fail(given.pathname === asked.pathname ? "failed" : "changed", detail);
}

function explainError({ detail }) {
  if (detail.xhr.getResponseHeader("X-Csrf") === "stale" && !refreshed.has(detail.target)) {
    renewToken(detail);
    return;
  }
  fail(detail.xhr.getResponseHeader("Steentje-Part") || BY_STATUS[detail.xhr.status] || "failed", detail);
}

function retry() {
  for (const [target, { why }] of failed) if (BY_ITSELF.includes(why)) again(target);
}

if (words) {
  document.addEventListener("htmx:beforeSwap", checkAnswer);
  document.addEventListener("htmx:responseError", explainError);
  document.addEventListener("htmx:sendError", (event) => fail("offline", event.detail));
  document.addEventListener("htmx:timeout", (event) => fail("failed", event.detail));
  addEventListener("focus", retry);
  addEventListener("online", retry);
}
