/**
 * The directors' desk: selecting words, single keys, announcements. Everything works without this file.
 *
 *   [data-span-source]            the words as submitted; its text is exactly the revision (elements with data-span-skip not counted)
 *   form[data-span-form]          receives the selection: input[data-span-start], input[data-span-end] (Unicode code points, the end
 *                                 exclusive); [data-span-words] shows the words, [data-span-hint] is shown while nothing is selected,
 *                                 data-span-none="…" is announced when it is sent without a selection and without a ticked word
 *   details[data-span-drawer]     opened when words are selected; not before the mouse is let go, since it covers what lies under it
 *   [data-key="a"]                a link, button or summary pressed by that key, or a search box focused by it; not while typing,
 *                                 not with Ctrl, Alt or Meta. Keys in use: j k a r e u / ?
 *   details.drawer                closed by Escape from within
 *   a[href="#id"]                 opens the details that it is, or is in; of a details itself, puts the cursor in its first field
 *   [data-announcer]              the page's aria-live region (in layouts/desk.html); data-single-keys="off" where this person has switched
 *                                 single keys off
 *   [data-announce]               its text is announced on arrival and after a swap
 *   form[data-once]               see once.js
 */
import "./once.js";

const root = document.documentElement;
const points = (text) => Array.from(text).length;

function announce(words) {
  const region = document.querySelector("[data-announcer]");
  if (!region || !words) return;
  region.textContent = "";
  setTimeout(() => { region.textContent = words; }, 50);
}

const keysOn = document.querySelector("[data-announcer]")?.dataset.singleKeys !== "off";

function prepare(scope = document) {
  root.dataset.keys = keysOn ? "on" : "off";
  for (const element of scope.querySelectorAll("[data-key]")) {
    if (keysOn) element.setAttribute("aria-keyshortcuts", element.dataset.key);
    else element.removeAttribute("aria-keyshortcuts");
  }
  for (const form of scope.querySelectorAll("form[data-span-form]")) show(form, "");
}

/** The words of an element as the server knows them: text nodes in order, without what only the page adds. */
function words(source) {
  const walker = document.createTreeWalker(source, NodeFilter.SHOW_TEXT, {
    acceptNode: (node) => (node.parentElement.closest("[data-span-skip]") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT),
  });
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  return nodes;
}

/** Code points of the source's words before a boundary of the selection. */
function offset(source, container, index) {
  const boundary = document.createRange();
  boundary.setStart(container, index);
  boundary.collapse(true);
  let before = 0;
  for (const node of words(source)) {
    if (node === container) return before + points(node.data.slice(0, index));
    if (boundary.comparePoint(node, 0) < 0) before += points(node.data);
  }
  return before;
}

function selected() {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const holder = range.commonAncestorContainer;
  const source = (holder.nodeType === Node.ELEMENT_NODE ? holder : holder.parentElement)?.closest("[data-span-source]");
  if (!source) return null;
  const all = Array.from(words(source).map((node) => node.data).join(""));
  let start = offset(source, range.startContainer, range.startOffset);
  let end = offset(source, range.endContainer, range.endOffset);
  while (start < end && /\s/u.test(all[start])) start += 1;
  while (end > start && /\s/u.test(all[end - 1])) end -= 1;
  return end > start ? { start, end, text: all.slice(start, end).join("") } : null;
}

function show(form, text) {
  const shown = form.querySelector("[data-span-words]");
  const hint = form.querySelector("[data-span-hint]");
  if (shown) {
    shown.textContent = text;
    shown.hidden = !text;
  }
  if (hint) hint.hidden = Boolean(text);
}

let dragging = false;
const openDrawers = () => document.querySelectorAll("details[data-span-drawer]").forEach((drawer) => { drawer.open = true; });

document.addEventListener("pointerdown", (event) => { dragging = event.pointerType === "mouse"; });
for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, () => {
    if (dragging && selected()) openDrawers();
    dragging = false;
  });
}

document.addEventListener("selectionchange", () => {
  const span = selected();
  if (!span) return;
  for (const form of document.querySelectorAll("form[data-span-form]")) {
    form.querySelector("[data-span-start]").value = span.start;
    form.querySelector("[data-span-end]").value = span.end;
    show(form, span.text);
  }
  if (!dragging) openDrawers();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-span-form]") || !form.dataset.spanNone) return;
  const given = form.querySelector("[data-span-end]")?.value || form.querySelector("input[type=checkbox]:checked");
  if (given) return;
  event.preventDefault();
  announce(form.dataset.spanNone);
  const hint = form.querySelector("[data-span-hint]");
  if (hint) hint.hidden = false;
}, true);

document.addEventListener("keydown", (event) => {
  if (!keysOn || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]")) return;
  const target = [...document.querySelectorAll("[data-key]")]
    .find((element) => element.dataset.key === event.key.toLowerCase() && element.getClientRects().length);
  if (!target || event.repeat && !"jk".includes(target.dataset.key)) return;
  event.preventDefault();
  if (target.matches("input, textarea, select")) target.focus();
  else if (target.matches("summary")) unfold(target.parentElement);
  else target.click();
});

/** Open a drawer and put the cursor in its first field, or close it. */
function unfold(drawer, opened = !drawer.open) {
  drawer.open = opened;
  const summary = drawer.querySelector("summary");
  const first = opened && drawer.querySelector("select, textarea, input:not([type=hidden])");
  (first || summary).focus({ preventScroll: opened });
  if (opened) drawer.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  const drawer = event.target.closest("details.drawer[open]");
  if (event.key !== "Escape" || event.defaultPrevented || event.isComposing || !drawer) return;
  event.preventDefault();
  unfold(drawer, false);
});

function open(hash) {
  const target = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
  const drawer = target && target.closest("details");
  if (!drawer) return false;
  if (target === drawer) {
    unfold(drawer, true);
  } else {
    drawer.open = true;
    target.focus();
  }
  return true;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  if (link && open(link.hash)) event.preventDefault();
});

/** An element's words but for what is there to be seen alone. */
function spoken(element) {
  const copy = element.cloneNode(true);
  for (const mute of copy.querySelectorAll("[aria-hidden=true]")) mute.remove();
  return copy.textContent.replace(/\s+/gu, " ").trim();
}

function arrive(scope) {
  prepare(scope);
  announce([...scope.querySelectorAll("[data-announce]")].map(spoken).join(" "));
}

arrive(document);
open(location.hash);
document.addEventListener("htmx:after:swap", () => arrive(document));
document.addEventListener("desk:swapped", () => arrive(document));
