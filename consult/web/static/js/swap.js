/**
 * One thing after another without a reload between them. Everything works without this file: it fetches the very pages that
 * links and forms lead to, and puts their <main> in place of the one that stands.
 *
 *   main[data-swap="/desk/x/queue"]   links and forms in it that lead below that path are fetched, and put in place where the page
 *                                 that comes has the same data-swap; data-offline="…" is said when the line is down
 *   main[data-keys-kept]          keys pressed while the next page is under way are pressed on it, in order; without it none
 *                                 is, so that nobody decides on what they have not seen
 *   form[data-reload]             left to the browser
 *   input[type=search]            words typed there while the next page is under way stay, and the cursor in them
 *
 * After a swap "desk:swapped" is sent to the document, and the cursor stands where reading goes on.
 */

const MOST_KEPT = 12;
let sending = false;
let latest = 0;
let shown = location.href;
let kept = [];
let under = false;
let begun = null;

const current = () => document.querySelector("main[data-swap]");
const area = () => current()?.dataset.swap;

function stays(url) {
  const path = area();
  return url.origin === location.origin && Boolean(path) && (url.pathname === path || url.pathname.startsWith(`${path}/`));
}

/** What stands in the search box, where the caret is in it, and whether somebody is typing there. */
function sought() {
  const box = current()?.querySelector("input[type=search]");
  return box ? { words: box.value, within: box === document.activeElement, caret: [box.selectionStart, box.selectionEnd] } : null;
}

/** Put words typed since the page was asked for into its own search box. Whether the cursor is back in them. */
function typedOn(before) {
  const box = current()?.querySelector("input[type=search]");
  if (!box || !before || !begun || (before.words === begun.words && (!before.within || begun.within))) return false;
  box.value = before.words;
  if (!before.within) return false;
  box.focus({ preventScroll: true });
  box.setSelectionRange(...before.caret);
  return box === document.activeElement;
}

function settle(url, posted) {
  const { hash, pathname, searchParams } = new URL(url);
  const target = (hash && document.getElementById(hash.slice(1)))
    || document.querySelector(".govuk-error-summary")
    || document.querySelector(searchParams.get("panel") ? "#filters" : "#nowhere")
    || (posted || pathname.startsWith(`${area()}/`) ? document.getElementById("answer") : null)
    || document.getElementById("main");
  if (target.matches("details")) target.open = true;
  if (!target.hasAttribute("tabindex")) target.setAttribute("tabindex", "-1");
  target.focus({ preventScroll: !hash });
  if (!hash) window.scrollTo(0, 0);
}

function swap(page, url, { push, posted }) {
  const scrolled = document.querySelector(".split__list")?.scrollTop ?? 0;
  const before = sought();
  document.getElementById("main").replaceWith(page.querySelector("main"));
  const [strip, further] = [document, page].map((from) => from.querySelector(".strip"));
  if (strip && further) strip.replaceWith(further);
  else if (further) document.querySelector(".bar")?.after(further);
  else strip?.remove();
  document.title = page.title;
  if (push && url !== location.href) history.pushState({ swapped: true }, "", url);
  shown = url;
  const list = document.querySelector(".split__list");
  if (list) list.scrollTop = scrolled;
  document.querySelector(".item--current")?.scrollIntoView({ block: "nearest" });
  document.dispatchEvent(new CustomEvent("desk:swapped"));
  if (!typedOn(before)) settle(url, posted);
}

/** Whether the page that came can take the place of the one that stands; what was not done is said by any page. */
function fits(page, ended) {
  const main = page.querySelector("main");
  return Boolean(main) && (!ended || main.dataset.swap === area());
}

async function fetched(url, options = {}, push = true) {
  const posted = options.method === "POST";
  if (sending) return;
  sending = posted;
  if (!under) begun = sought();
  under = true;
  latest += 1;
  const turn = latest;
  try {
    const response = await fetch(url, { ...options, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (turn !== latest) return;
    const ended = response.redirected || !posted;
    const reached = ended ? response.url : shown;
    if (!response.ok) kept = [];
    if (!fits(page, ended)) {
      location.assign(reached);
      return;
    }
    swap(page, reached + (response.redirected ? "" : new URL(url, location).hash), { push: push && ended, posted });
  } catch (error) {
    if (turn === latest) failed(error, url, posted);
  } finally {
    if (posted) sending = false;
    if (turn === latest) under = false;
  }
  if (turn === latest) press();
}

/** Press what was pressed meanwhile, until one of the keys leads on again. */
function press() {
  while (kept.length && !under) {
    const key = kept.shift();
    (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  }
}

function failed(error, url, posted) {
  kept = [];
  if (!(error instanceof TypeError)) throw error;
  if (!posted) {
    location.assign(url);
    return;
  }
  const main = current();
  const said = document.createElement("p");
  said.className = "once";
  said.setAttribute("role", "alert");
  said.textContent = main?.dataset.offline ?? "";
  (main?.querySelector(".split__detail") ?? main)?.prepend(said);
}

document.addEventListener("keydown", (event) => {
  if (!under || !event.isTrusted || !current()?.matches("[data-keys-kept]") || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key.length !== 1 || event.key === " " || event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!event.repeat && kept.length < MOST_KEPT) kept.push(event.key);
}, true);

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (!link || link.target || !current()?.contains(link)) return;
  const url = new URL(link.href);
  if (!stays(url) || (url.hash && url.href.split("#")[0] === location.href.split("#")[0])) return;
  event.preventDefault();
  fetched(url.href);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.matches("[data-reload]") || !current()?.contains(form)) return;
  const url = new URL(form.action);
  if (!stays(url)) return;
  event.preventDefault();
  const values = new URLSearchParams(new FormData(form, event.submitter));
  if (form.method === "post") {
    fetched(url.href, { method: "POST", body: values });
    return;
  }
  for (const [name, value] of [...values]) if (!value) values.delete(name);
  fetched(`${url.origin}${url.pathname}?${values}`);
});

window.addEventListener("popstate", () => {
  if (location.href.split("#")[0] !== shown.split("#")[0]) fetched(location.href, {}, false);
});
