// What a script changes in the fields of a form: a value, a remark of the server, whether it is wrong.
//
// [data-error-for="field"]   where the server's remark about a field is shown

// Puts a value, or a list of the values that are chosen, into one field.
export function fillIn(field, value) {
  if (!field.matches("[type=radio], [type=checkbox]")) {
    field.value = value;
    return;
  }
  const checked = [value].flat().includes(field.value);
  if (checked === field.checked) return;
  field.checked = checked;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

// Shows remarks at their fields, and takes away the ones shown here before that no longer hold.
export function showErrors(form, errors) {
  for (const spot of form.querySelectorAll("[data-error-for]")) {
    const name = spot.dataset.errorFor;
    const message = errors[name];
    if (!message && !("live" in spot.dataset)) continue;
    (spot.querySelector("[data-error-text]") || spot).textContent = message || "";
    spot.hidden = !message;
    if (message) spot.dataset.live = "";
    else delete spot.dataset.live;
    for (const input of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) mark(input, Boolean(message));
  }
}

function mark(input, wrong) {
  input.classList.toggle("is-invalid", wrong && input.matches(".form-control, .form-select"));
  if (wrong) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}
