// Saves a form while someone types. The text is kept in the page and on the server, never in the
// browser's storage.
//
// form[data-autosave]           the address to post to; a hidden input "version" goes along, and "opened" and
//                               "turn", by which the server knows what this very page has sent before
// [data-save-state]             where the outcome is shown; data-token-url gives a fresh CSRF token
// template[data-save-is="..."]  the words for each outcome (templates/components/_save_state.html)
//
// Answers: 200 {version, saved, errors} · 409 {own} saved elsewhere in between · 401 signed out ·
// 403 with "X-Csrf: stale" the token is too old · 503 or 507 {unsaved: "full"|"readonly"|"away"} it could
// not be stored. One request at a time; what was typed meanwhile follows. Nothing of what was typed is ever
// replaced.

import { freshToken } from "./csrf_token.js";
import { fillIn, showErrors } from "./form_fields.js";

const TYPING_MS = 1000;
const SIGNED_OUT_MS = 15000;
const GIVE_UP_MS = 15000;
const BACKOFF_MS = [2000, 4000, 8000, 16000, 30000];
const KEEPALIVE_BYTES = 60000; // browsers refuse more than 64 kB for a request that outlives its page
const OF_THE_PAGE = ["csrfmiddlewaretoken", "version", "opened", "turn"];
const RETRY_BY_ITSELF = ["offline", "failed", "signedout", "full", "readonly", "away"];
const AWAY = [502, 503, 504]; // of a server in front of ours, when ours does not answer

const place = document.querySelector("[data-save-state]");
const forms = [];

function show(state, time, form) {
  const words = document.querySelector(`template[data-save-is="${state}"]`);
  if (!place || !words) return;
  const content = words.content.cloneNode(true);
  const slot = content.querySelector("[data-time]");
  if (slot) slot.textContent = time;
  const compare = content.querySelector("[data-compare]");
  if (compare) {
    form.id ||= "st-autosave";
    compare.setAttribute("form", form.id);
  }
  place.classList.toggle("st-save--bad", "bad" in words.dataset);
  place.replaceChildren(content);
}

class Saver {
  constructor(form) {
    this.form = form;
    this.kept = this.text();
    this.state = "idle"; // idle, ok, offline, failed, conflict, twice, signedout, full, readonly, away
    this.busy = null; // the promise of the request under way
    this.tries = 0;
    this.leaving = false;
    this.flushed = null; // what was sent while the page was going away
  }

  // What the form holds, without what changes by itself.
  text() {
    return this.body((name) => !OF_THE_PAGE.includes(name)).toString();
  }

  body(wanted = () => true) {
    const pairs = [...new FormData(this.form)].filter(([name, value]) => typeof value === "string" && wanted(name));
    return new URLSearchParams(pairs);
  }

  // Each thing that this page sends has a higher number: one that is overtaken on its way is then known.
  count() {
    const turn = this.form.elements.namedItem("turn");
    if (turn) turn.value = Number(turn.value) + 1;
  }

  get unsaved() {
    return this.text() !== this.kept;
  }

  get trouble() {
    return !["idle", "ok"].includes(this.state);
  }

  later(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), ms);
  }

  // Saves until nothing has changed any more. Resolves when the request is done, whatever its outcome.
  save() {
    clearTimeout(this.timer);
    if (this.busy) return this.busy;
    if (["conflict", "twice"].includes(this.state) || !this.unsaved) return Promise.resolve();
    this.busy = this.post().finally(() => {
      this.busy = null;
      if (!this.leaving && !this.trouble && this.unsaved) this.later(TYPING_MS);
    });
    return this.busy;
  }

  async post(mayRefresh = true) {
    this.count();
    const sent = this.text();
    // Only a slow save is shown: a screen reader should not hear a word for every sentence.
    const slow = setTimeout(() => {
      if (!this.trouble) show("saving");
    }, 600);
    const stop = new AbortController();
    const timeout = setTimeout(() => stop.abort(), GIVE_UP_MS);
    let answer;
    try {
      answer = await this.request(stop.signal);
      if (answer.ok) return this.saved(sent, await answer.json());
    } catch {
      return this.again("offline");
    } finally {
      clearTimeout(slow);
      clearTimeout(timeout);
    }
    return this.refused(answer, mayRefresh);
  }

  request(signal) {
    const body = this.body();
    return fetch(this.form.dataset.autosave || this.form.action, {
      method: "POST",
      body,
      headers: { "X-Autosave": "1", Accept: "application/json" },
      credentials: "same-origin",
      redirect: "manual",
      keepalive: body.toString().length < KEEPALIVE_BYTES,
      signal,
    });
  }

  // The server answered that it has not saved. With a token that was too old it is asked once more.
  async refused(answer, mayRefresh) {
    if (toSignIn(answer)) return this.again("signedout");
    if (answer.status === 409) return this.become((await changedByMyself(answer)) ? "twice" : "conflict");
    if (answer.status === 403 && answer.headers.get("X-Csrf") === "stale" && mayRefresh) {
      const outcome = await renewToken(this.form);
      return outcome === "ok" ? this.post(false) : this.again(outcome);
    }
    const { unsaved } = answer.status >= 500 ? await answer.json().catch(() => ({})) : {};
    if (["full", "readonly", "away"].includes(unsaved)) return this.again(unsaved);
    if (AWAY.includes(answer.status)) return this.again("away");
    return this.again("failed", answer.status === 429 || answer.status >= 500);
  }

  saved(sent, { version, saved, errors, joined }) {
    this.kept = sent;
    this.tries = 0;
    const field = this.form.elements.namedItem("version");
    // The old version stays when what somebody else wrote could not be shown: then they clash.
    if (this.take(sent, joined || {}) && field && version !== undefined) field.value = version;
    showErrors(this.form, errors || {});
    this.become("ok", saved);
    // The notes about an outage, above the page, no longer hold.
    for (const note of document.querySelectorAll("[data-unsaved]")) note.remove();
  }

  // What somebody else filled in meanwhile, where nothing was typed here, is shown here as well.
  take(sent, joined) {
    const before = new URLSearchParams(sent);
    const now = this.body();
    const same = (name) => now.getAll(name).join("\n") === before.getAll(name).join("\n");
    if (!Object.keys(joined).every(same)) return false;
    for (const [name, value] of Object.entries(joined)) {
      for (const field of this.form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) fillIn(field, value);
    }
    return true;
  }

  become(state, time) {
    this.state = state;
    this.form.toggleAttribute("data-not-saved", this.trouble); // privacy_screen.js then sends what is typed
    show(state === "ok" ? "saved" : state, time, this.form);
  }

  again(state, byItself = true) {
    if (this.state !== state) this.become(state);
    this.waits = byItself;
    if (!byItself) return;
    const wait = state === "signedout" ? SIGNED_OUT_MS : BACKOFF_MS[Math.min(this.tries, BACKOFF_MS.length - 1)];
    this.tries += 1;
    this.later(wait);
  }
}

// A redirect can only be the way to the sign-in page.
function toSignIn(answer) {
  return answer.status === 401 || answer.type === "opaqueredirect";
}

// Whether what it conflicts with was saved by the same person, on another page.
async function changedByMyself(answer) {
  try {
    return Boolean((await answer.json()).own);
  } catch {
    return false;
  }
}

// Puts a fresh token into every form of the page. "ok", or the state that it leads to.
async function renewToken(form) {
  const url = form.dataset.tokenUrl || place?.dataset.tokenUrl;
  if (!url) return "failed";
  try {
    const answer = await freshToken(url, { "X-Autosave": "1" });
    if (toSignIn(answer)) return "signedout";
    return answer.ok ? "ok" : "failed";
  } catch {
    return "offline";
  }
}

function saverOf(target) {
  const form = target?.form || target?.closest?.("form");
  return forms.find((saver) => saver.form === form);
}

// Saves while somebody types, sooner when a field is left.
function saveOnInput() {
  document.addEventListener("input", (event) => {
    const saver = saverOf(event.target);
    // While it cannot be stored the pauses grow; typing does not make them short again.
    if (saver && !(saver.trouble && saver.waits && saver.state !== "offline")) saver.later(TYPING_MS);
  });
  document.addEventListener("change", (event) => saverOf(event.target)?.save());
  document.addEventListener("focusout", (event) => {
    const saver = saverOf(event.target);
    if (saver && !saver.trouble) saver.save();
  });
}

function retry() {
  for (const saver of forms) if (RETRY_BY_ITSELF.includes(saver.state)) saver.save();
}

// What beforeunload sent a moment ago is not sent once more: its answer may not be heard any more.
function saveBeforeGoing() {
  for (const saver of forms) if (!saver.leaving && saver.flushed !== saver.text()) saver.save();
}

function saveWhenComingAndGoing() {
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-retry]")) forms.forEach((saver) => saver.save());
  });
  addEventListener("online", retry);
  addEventListener("focus", retry);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") saveBeforeGoing();
    else retry();
  });
  addEventListener("pagehide", saveBeforeGoing);
  addEventListener("beforeunload", saveOrAsk);
  addEventListener("pageshow", () => {
    for (const saver of forms) {
      saver.leaving = false;
      saver.flushed = null;
    }
  });
}

// Sends what is not saved in a request that outlives the page. Where that cannot be, the browser asks.
function saveOrAsk(event) {
  for (const saver of forms) {
    if (saver.leaving || !saver.unsaved) continue;
    const follows = !saver.busy && !saver.trouble && saver.body().toString().length < KEEPALIVE_BYTES;
    if (follows) {
      saver.flushed = saver.text();
      saver.save();
    } else event.preventDefault();
  }
}

// The form's own button while a save is under way: wait for it, or the form would come back with
// an old version number and conflict with itself.
function waitForSave(event) {
  const saver = forms.find((one) => one.form === event.target);
  if (!saver || event.defaultPrevented) return;
  clearTimeout(saver.timer);
  saver.leaving = true;
  if (!saver.busy) {
    saver.count();
    return;
  }
  event.preventDefault();
  const button = event.submitter;
  saver.busy.finally(() => {
    saver.leaving = false;
    saver.form.requestSubmit(button?.isConnected ? button : undefined);
  });
}

// The screen is being covered, as somebody else can see it: save what can be saved, without a question.
function saveUnderCover(event) {
  for (const saver of forms) {
    saver.leaving = true;
    event.detail.push((saver.busy || Promise.resolve()).then(() => saver.save()));
  }
}

for (const form of document.querySelectorAll("form[data-autosave]")) forms.push(new Saver(form));

// The page came back because it could not be stored: saving is tried again by itself.
const outage = document.querySelector("[data-unsaved]");
if (outage) {
  for (const saver of forms) {
    saver.kept = null;
    saver.again(outage.dataset.unsaved);
  }
}

if (forms.length) {
  saveOnInput();
  saveWhenComingAndGoing();
  document.addEventListener("submit", waitForSave);
  document.addEventListener("steentje:cover", saveUnderCover);
}
