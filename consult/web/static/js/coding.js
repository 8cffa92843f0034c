/**
 * Coding: with words selected, the number of a theme gives it to these words. Without this file the drawer does it.
 */
import "./swap.js";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select")) return;
  if (document.querySelector("[data-announcer]")?.dataset.singleKeys === "off") return;
  const form = document.querySelector("form[data-span-form]");
  const selection = document.getSelection();
  if (!form || !selection || selection.isCollapsed || !form.querySelector("[data-span-end]").value) return;
  const option = [...form.querySelectorAll("[data-part-key]")].find((each) => each.dataset.partKey === event.key);
  if (!option) return;
  event.preventDefault();
  form.querySelector("[data-part-theme]").value = option.value;
  form.requestSubmit();
}, true);
