/**
 * Questions that an answer on the same page brings up are shown at once. Without this file the server shows them.
 *
 *   template[data-shown-if="choice_2" data-shown-values='["a","b"]']   a question that is not brought up yet
 *   div[data-shown-if …]                                               one that is
 *
 * Loaded before what enlivens the questions, since it takes them out of their templates. What is hidden is not sent.
 */

const places = [];

for (const found of document.querySelectorAll("[data-shown-if]")) {
  let place = found;
  if (found instanceof HTMLTemplateElement) {
    place = document.createElement("div");
    place.append(found.content);
    found.replaceWith(place);
  }
  places.push({ place, form: place.closest("form"), name: found.dataset.shownIf, values: JSON.parse(found.dataset.shownValues) });
}

function answered(form, name) {
  const fields = [...form.elements].filter((field) => field.name === name && !field.disabled && field.type !== "hidden");
  const told = fields.filter((field) => !["radio", "checkbox"].includes(field.type) || field.checked);
  return told.map((field) => field.value.trim()).filter(Boolean);
}

function update() {
  for (const { place, form, name, values } of places) {
    const given = answered(form, name);
    const shown = values.length ? given.some((value) => values.includes(value)) : given.length > 0;
    place.hidden = !shown;
    for (const field of place.querySelectorAll("input, textarea, select")) field.disabled = !shown;
  }
}

if (places.length) {
  for (const form of new Set(places.map(({ form }) => form))) {
    form.addEventListener("input", update);
    form.addEventListener("change", update);
  }
  window.addEventListener("pageshow", update);
  update();
}
