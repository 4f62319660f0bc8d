// The group picker (form[data-group]) counts along while someone chooses. Without it the server counts
// after saving. What it advises never blocks.
//
// Rows: [data-pupil], with data-name and radios role-<id> ("", leader, follower, other).
// [data-count="total|involved|others"]  a number, anywhere on the page.
// svg[data-balance]                     drawn by {% balance %}; rows are added and filled here.
// template[data-advice]                 the sentences of advice, {n} for how many, in the order of the table.
// [data-advice-list]                    shows those that hold, as its <li>'s; data-table, from the server, says
//   which: table[involved][others] lists [place of a sentence, how many].
// input[data-search]                    filters the names on this page; nothing is asked of the server.
// [data-search-none]                    shown when no name of the rows fits, in a region that is read out.

const INVOLVED = ["leader", "follower"];

// As many rows as are needed, each like the first one, which the server drew; the words below them.
function fitRows(svg, needed) {
  const rows = [...svg.querySelectorAll("[data-row]")];
  const captions = svg.querySelector("[data-captions]");
  const height = Number(svg.dataset.rowHeight);
  const [, , width, tall] = svg.getAttribute("viewBox").split(" ").map(Number);
  rows.slice(needed).forEach((row) => row.remove());
  for (let place = rows.length; place < needed; place += 1) {
    const row = rows[0].cloneNode(true);
    row.setAttribute("transform", `translate(0 ${height * place})`);
    captions.before(row);
  }
  captions.setAttribute("transform", `translate(0 ${height * (needed - 1)})`);
  svg.setAttribute("viewBox", `0 0 ${width} ${tall + height * (needed - rows.length)}`);
  return captions.children;
}

function drawBalance(svg, involved, others) {
  const seats = svg.querySelector("[data-row]").querySelectorAll("path").length;
  const [left, right] = fitRows(svg, Math.max(1, Math.ceil(Math.max(involved, others) / seats)));
  svg
    .querySelectorAll("path")
    .forEach((seat, place) => seat.setAttribute("class", place < involved ? "involved" : "free"));
  svg
    .querySelectorAll("circle")
    .forEach((seat, place) => seat.setAttribute("class", place < others ? "other" : "free"));
  left.textContent = svg.dataset.left.replace("{n}", involved);
  right.textContent = svg.dataset.right.replace("{n}", others);
  svg.setAttribute("aria-label", svg.dataset.label.replace("{a}", involved).replace("{b}", others));
}

function fill(node, n) {
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) walker.currentNode.data = walker.currentNode.data.replaceAll("{n}", n);
  return node;
}

// The role of each row that is chosen now, "" for none; marks the rows that have one.
function rolesOf(rows) {
  return rows.map((row) => {
    const role = row.querySelector("input[type=radio]:checked")?.value || "";
    row.classList.toggle("chosen", role !== "");
    return role;
  });
}

// Shows the numbers, the drawings and the advice for what is chosen now.
function update(rows) {
  const roles = rolesOf(rows);
  const involved = roles.filter((role) => INVOLVED.includes(role)).length;
  const others = roles.filter((role) => role === "other").length;
  const counts = { total: involved + others, involved, others };
  for (const place of document.querySelectorAll("[data-count]")) {
    place.textContent = counts[place.dataset.count];
  }
  for (const svg of document.querySelectorAll("svg[data-balance]")) drawBalance(svg, involved, others);
  showAdvice(involved, others);
}

function showAdvice(involved, others) {
  const list = document.querySelector("[data-advice-list]");
  if (!list) return;
  const texts = document.querySelectorAll("template[data-advice]");
  const found = JSON.parse(list.dataset.table)[involved]?.[others] ?? [];
  list.replaceChildren(...found.map(([place, n]) => fill(texts[place].content.cloneNode(true), n)));
}

// Small letters without accents: "zoe" finds Zoë.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();

// Hides the rows whose name does not have the letters that were typed. Rows that are chosen stay.
function filter(rows, typed, none) {
  const wanted = plain(typed.trim());
  for (const row of rows) {
    row.hidden = !row.classList.contains("chosen") && !plain(row.dataset.name).includes(wanted);
  }
  none.hidden = !wanted || !rows.length || rows.some((row) => plain(row.dataset.name).includes(wanted));
}

function start(form) {
  const rows = [...form.querySelectorAll("[data-pupil]")];
  const search = form.querySelector("[data-search]");
  const none = form.querySelector("[data-search-none]");
  search?.addEventListener("input", () => filter(rows, search.value, none));
  search?.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // looking for a name does not save the form
  });
  form.addEventListener("change", (event) => {
    if (event.target.name?.startsWith("role-")) update(rows);
  });
  update(rows);
}

document.querySelectorAll("form[data-group]").forEach(start);
