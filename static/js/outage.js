// A part of the page that the server could not give, or a server that did not answer: what was there stays,
// a line says so, and the part is asked for again with growing pauses. (htmx itself says nothing.)
//
// template#part-away   the line (templates/base.html)

const PAUSES_MS = [2000, 4000, 8000, 16000, 30000];
const waiting = new WeakMap(); // the element that asks → {tries, line}

function line() {
  const words = document.querySelector("template#part-away");
  return words?.content.firstElementChild.cloneNode(true);
}

function failed(event) {
  const element = event.detail.elt;
  const status = event.detail.xhr?.status || 0;
  if (!element || (status && status < 500)) return;
  const held = waiting.get(element) || { tries: 0, line: line() };
  waiting.set(element, held);
  if (held.line && !held.line.isConnected) (event.detail.target || element).before(held.line);
  // What asks every few seconds goes on asking by itself.
  if ((element.getAttribute("hx-trigger") || "").includes("every")) return;
  const asks = element.matches("form") ? "submit" : "load";
  const pause = PAUSES_MS[Math.min(held.tries, PAUSES_MS.length - 1)];
  held.tries += 1;
  clearTimeout(held.timer);
  held.timer = setTimeout(() => { if (element.isConnected) window.htmx.trigger(element, asks); }, pause);
}

function came(event) {
  const held = waiting.get(event.detail.elt);
  if (!held || !event.detail.successful) return;
  clearTimeout(held.timer);
  held.line?.remove();
  waiting.delete(event.detail.elt);
}

document.addEventListener("htmx:responseError", failed);
document.addEventListener("htmx:sendError", failed);
document.addEventListener("htmx:timeout", failed);
document.addEventListener("htmx:afterRequest", came);
