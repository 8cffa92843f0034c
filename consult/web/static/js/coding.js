/**
 * Coding. With words selected, the key of a theme gives it to these words; without this file the drawer does it. Themes after
 * the ninth have two keys, "0" and one more, which are pressed one after the other:
 *
 *   [data-two-keys="0a"]     the label of such a theme; while "0" waits for the other key, <html data-first-key> says so
 *   [data-part-key="0a"]     the same of an option for selected words, there also with one key
 */
import "./swap.js";

let first = "";

function wait(key) {
  first = key;
  document.documentElement.toggleAttribute("data-first-key", Boolean(key));
}

/** Give the theme with these keys to the words that are selected; whether there were any. */
function giveToPart(keys) {
  const form = document.querySelector("form[data-span-form]");
  const selection = document.getSelection();
  if (!form || !selection || selection.isCollapsed || !form.querySelector("[data-span-end]").value) return false;
  const option = [...form.querySelectorAll("[data-part-key]")].find((each) => each.dataset.partKey === keys);
  if (!option) return false;
  form.querySelector("[data-part-theme]").value = option.value;
  form.requestSubmit();
  return true;
}

function tick(keys) {
  const label = [...document.querySelectorAll("[data-two-keys]")].find((each) => each.dataset.twoKeys === keys);
  label?.click();
  return Boolean(label);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat || event.key === "Shift") return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select")) return;
  if (document.querySelector("[data-announcer]")?.dataset.singleKeys === "off") return;
  const keys = first + event.key.toLowerCase();
  if (keys === "0" && document.querySelector("[data-two-keys]")) {
    wait(keys);
    event.preventDefault();
    return;
  }
  wait("");
  if (giveToPart(keys) || tick(keys)) event.preventDefault();
}, true);
document.addEventListener("desk:swapped", () => wait(""));
