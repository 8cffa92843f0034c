/**
 * The participant's form. Everything works without this file; it adds comfort.
 *
 *   textarea[data-grow]                    grows with its text where the style sheet alone cannot
 *   [data-count="1500" data-count-near="150" data-count-left="Characters left:" data-count-over="Characters too many:"]
 *                                          around a textarea; [data-count-message] shows and [data-count-spoken] (aria-live) says
 *                                          the number once `near` or fewer are left; see characters.js
 *   textarea[data-preview-source]          whose words the preview shows
 *   input[type=radio][data-preview-way]    quote · count · none, and [data-preview-line] the attribution line as it would be printed
 *   [data-preview]                         the box, hidden until a radio is chosen and there are words; in it [data-preview-text],
 *                                          [data-preview-attribution]; data-preview-counted and data-preview-unused are its words
 *                                          for the other ways
 *   [data-asking]                          around one question of several: its preview looks at its own words and its own radios
 *   [data-quote-open] [data-quote-close]   quotation marks, on [data-preview]; “ ” without
 *   textarea[data-warn-words='["…"]']      shows [data-warning] of the same group when the text holds one of them
 *   input[data-warned]                     sent once that was shown, so that the server need not say it again
 *   form[data-keep="key"]                  text boxes survive reload and change of language in this tab, under this key
 *   [data-keep-offer]                      in it, shown with script: a box that, ticked, keeps them on the device for a day
 *   [data-keep-clear="key"]                on the receipt: what was kept is forgotten
 *   [data-announce]                        what was just done, or why nothing was: a screen reader begins there
 *   form[data-once], [data-offline]        see once.js
 */
import { characters } from "./characters.js";
import "./once.js";

const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/ł/gi, "l").toLocaleLowerCase();

function grow(area) {
  if (CSS.supports("field-sizing", "content")) return;
  const fit = () => {
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 4}px`;
  };
  area.addEventListener("input", fit);
  fit();
}

function count(group) {
  const area = group.querySelector("textarea");
  const shown = group.querySelector("[data-count-message]");
  const spoken = group.querySelector("[data-count-spoken]");
  const limit = Number(group.dataset.count);
  const near = Number(group.dataset.countNear ?? 150);
  let timer;
  const update = (speak) => {
    const left = limit - characters(area.value);
    const over = left < 0;
    const words = left > near ? "" : `${over ? group.dataset.countOver : group.dataset.countLeft} ${Math.abs(left)}`;
    shown.textContent = words;
    shown.hidden = !words;
    shown.classList.toggle("count--over", over);
    clearTimeout(timer);
    if (spoken && speak) timer = setTimeout(() => { spoken.textContent = words; }, 1000);
  };
  area.addEventListener("input", () => update(true));
  update(false);
}

function preview(box) {
  const form = box.closest("[data-asking]") ?? box.closest("form");
  const source = form.querySelector("[data-preview-source]");
  const text = box.querySelector("[data-preview-text]");
  const attribution = box.querySelector("[data-preview-attribution]");
  if (!source) return;
  const open = box.dataset.quoteOpen ?? "“";
  const close = box.dataset.quoteClose ?? "”";
  const update = () => {
    const chosen = form.querySelector("input[data-preview-way]:checked");
    const words = source.value.trim();
    box.hidden = !chosen || !words;
    if (box.hidden) return;
    const way = chosen.dataset.previewWay;
    const quoted = way === "quote";
    text.hidden = !quoted;
    text.textContent = quoted ? `${open}${words}${close}` : "";
    attribution.textContent = quoted ? (chosen.dataset.previewLine ?? "")
      : way === "count" ? box.dataset.previewCounted : box.dataset.previewUnused;
  };
  form.addEventListener("input", update);
  form.addEventListener("change", update);
  update();
}

function warn(area) {
  const group = area.closest(".govuk-form-group");
  const warning = group?.querySelector("[data-warning]");
  if (!warning) return;
  const told = area.closest("[data-asking]")?.querySelector("[data-warned]");
  const names = JSON.parse(area.dataset.warnWords).map(folded).filter(Boolean);
  const update = () => {
    const text = folded(area.value);
    warning.hidden = !names.some((name) => text.includes(name));
    if (told && !warning.hidden) told.disabled = false;
  };
  area.addEventListener("input", update);
  update();
}

const A_DAY = 86_400_000;

function lasting() {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

function storage() {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}

function keep(form) {
  const store = storage();
  if (!store) return;
  const key = `consult.keep.${form.dataset.keep}`;
  const areas = [...form.querySelectorAll("textarea[name]")];
  let kept = {};
  try {
    kept = JSON.parse(store.getItem(key) ?? "{}");
    for (const area of areas) {
      if (!area.value && typeof kept[area.name] === "string") area.value = kept[area.name];
    }
  } catch {
    store.removeItem(key);
  }
  const device = lasting();
  const offer = form.querySelector("[data-keep-offer]");
  const wanted = offer?.querySelector("input");
  if (device && wanted) {
    offer.hidden = false;
    const item = fresh(device, key);
    wanted.checked = Boolean(item);
    for (const area of areas) {
      if (!area.value && typeof item?.texts[area.name] === "string") area.value = item.texts[area.name];
    }
  }
  const save = () => {
    try {
      kept = { ...kept, ...Object.fromEntries(areas.map((area) => [area.name, area.value])) };
      store.setItem(key, JSON.stringify(kept));
      if (wanted?.checked) device.setItem(key, JSON.stringify({ at: Date.now(), texts: kept }));
      else device?.removeItem(key);
    } catch {
      // A full or forbidden store costs the comfort, not the answer.
    }
  };
  form.addEventListener("input", save);
  if (areas.some((area) => area.value !== area.defaultValue)) save(); // typed on a slow line before this script was here
}

/** What is kept on the device under a key, or null; what is older than a day is removed. */
function fresh(device, key) {
  try {
    const item = JSON.parse(device.getItem(key) ?? "null");
    if (item && item.texts && Date.now() - item.at < A_DAY) return item;
  } catch {
    // Written by something else: as good as nothing.
  }
  device.removeItem(key);
  return null;
}

document.querySelectorAll("[data-keep-clear]").forEach((element) => {
  storage()?.removeItem(`consult.keep.${element.dataset.keepClear}`);
  lasting()?.removeItem(`consult.keep.${element.dataset.keepClear}`);
});
for (const key of Object.keys(lasting() ?? {}).filter((name) => name.startsWith("consult.keep."))) fresh(lasting(), key);
const told = document.querySelector("[data-announce]");
if (told && !document.querySelector(".govuk-error-summary")) {
  told.tabIndex = -1;
  told.focus();
}
document.querySelectorAll("form[data-keep]").forEach(keep);
document.querySelectorAll("textarea[data-grow]").forEach(grow);
document.querySelectorAll("[data-count]").forEach(count);
document.querySelectorAll("[data-preview]").forEach(preview);
document.querySelectorAll("textarea[data-warn-words]").forEach(warn);
