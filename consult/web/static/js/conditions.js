/**
 * Questions that an answer on the same page brings up are shown at once. Without this file the server shows them.
 *
 *   template[data-shown-if="choice_2" data-shown-values='["a","b"]']                a question that is not brought up yet
 *   template[data-shown-if="choice_2" data-shown-limits='["10","20","number"]']     the same, by limits of a kind
 *   div[data-shown-if …]                                                            one that is
 *
 * Loaded before what enlivens the questions, since it takes them out of their templates. What is hidden is not sent.
 */

const places = [];

/* What was typed as something that can be compared, by kind: undefined where it is no answer yet. */
const sizes = {
  number(values) {
    const typed = values.join("").replace(/[\s\u00a0\u2009\u202f']/g, "").replace("−", "-").replace(",", ".").replace(/^\+/, "");
    return /^-?\d{1,15}(\.\d{1,9})?$/.test(typed) ? Number(typed) : undefined;
  },
  date(values) {
    const [day, month, year] = values.length === 1 ? values[0].split("-").reverse() : values;
    if (![day, month].every((part) => /^\d{1,2}$/.test(part)) || !/^\d{4}$/.test(year)) return undefined;
    const written = new Date(`${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}T00:00:00Z`);
    return written.getUTCDate() === Number(day) ? written.getTime() : undefined;
  },
};

for (const found of document.querySelectorAll("[data-shown-if]")) {
  const { shownIf: name, shownValues, shownLimits } = found.dataset;
  const limits = shownLimits && JSON.parse(shownLimits);
  if (limits && !sizes[limits[2]]) continue; // a kind that is compared by the server alone
  let place = found;
  if (found instanceof HTMLTemplateElement) {
    place = document.createElement("div");
    place.append(found.content);
    found.replaceWith(place);
  }
  places.push({ place, form: place.closest("form"), name, limits, values: shownValues ? JSON.parse(shownValues) : [] });
}

function answered(form, name) {
  const fields = [...form.elements].filter((field) => field.name === name && !field.disabled && field.type !== "hidden");
  const told = fields.filter((field) => !["radio", "checkbox"].includes(field.type) || field.checked);
  return told.map((field) => field.value.trim());
}

function within([least, most, kind], given) {
  const size = sizes[kind](given);
  const limit = (written) => sizes[kind]([written]);
  return size !== undefined && (!least || size >= limit(least)) && (!most || size <= limit(most));
}

function update() {
  for (const { place, form, name, limits, values } of places) {
    const given = answered(form, name);
    const any = values.length ? given.some((value) => values.includes(value)) : given.some(Boolean);
    const shown = limits ? given.some(Boolean) && within(limits, given) : any;
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
