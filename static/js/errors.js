// The error summary takes the focus, so that nobody has to look for what went wrong. A link in it
// that points at a group of choices goes on to the first choice.

const summary = document.querySelector("[data-errors]");
if (summary) summary.focus();

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-errors] a[href^='#']");
  const target = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  const choice = target?.closest("fieldset")?.querySelector("input:not([type=hidden]), select, textarea");
  if (target?.matches("legend") && choice) {
    event.preventDefault();
    target.scrollIntoView({ block: "start" });
    choice.focus({ preventScroll: true });
  }
});
