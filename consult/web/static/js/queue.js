/**
 * The queue without a reload between answers. Everything works without this file: it fetches the very pages that links and
 * forms lead to, and puts their <main> in place of the one that stands.
 *
 *   main[data-swap]               links and forms in it that stay in the queue are fetched; data-offline="…" is said when that fails
 *   form[data-reload]             left to the browser
 *   form[data-undo="10"]          its [data-undo-time] runs down for so many seconds, then its button goes; the reversal stays
 *   [data-presence="address"]     told every 20 seconds that this answer is open here; shows who else has it open
 *
 * After a swap "desk:swapped" is sent to the document, and the cursor stands where reading goes on.
 */

const IN_QUEUE = /^\/desk\/[^/]+\/queue(\/|$)/;
const REPEAT = 20_000;
const SETTLED = 800;
let sending = false;
let latest = 0;
let shown = location.href;

const stays = (url) => url.origin === location.origin && IN_QUEUE.test(url.pathname);
const current = () => document.querySelector("main[data-swap]");

function settle(url, posted) {
  const hash = new URL(url).hash;
  const target = (hash && document.getElementById(hash.slice(1)))
    || document.querySelector(".govuk-error-summary")
    || document.querySelector(new URL(url).searchParams.get("panel") ? "#filters" : "#nowhere")
    || (posted || /\/queue\/./.test(new URL(url).pathname) ? document.getElementById("answer") : null)
    || document.getElementById("main");
  if (target.matches("details")) target.open = true;
  if (!target.hasAttribute("tabindex")) target.setAttribute("tabindex", "-1");
  target.focus({ preventScroll: !hash });
  if (!hash) window.scrollTo(0, 0);
}

function swap(page, url, { push, posted }) {
  const scrolled = document.querySelector(".split__list")?.scrollTop ?? 0;
  document.getElementById("main").replaceWith(page.querySelector("main"));
  const [strip, further] = [document, page].map((from) => from.querySelector(".strip"));
  if (strip && further) strip.replaceWith(further);
  document.title = page.title;
  if (push && url !== location.href) history.pushState({ queue: true }, "", url);
  shown = url;
  const list = document.querySelector(".split__list");
  if (list) list.scrollTop = scrolled;
  document.querySelector(".item--current")?.scrollIntoView({ block: "nearest" });
  document.dispatchEvent(new CustomEvent("desk:swapped"));
  settle(url, posted);
  begin();
}

async function fetched(url, options = {}, push = true) {
  const posted = options.method === "POST";
  if (sending) return;
  sending = posted;
  latest += 1;
  const turn = latest;
  try {
    const response = await fetch(url, { ...options, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (turn !== latest) return;
    const ended = response.redirected || !posted ? response.url : shown;
    if (!page.querySelector("main") || (!page.querySelector("[data-announcer]") && (response.redirected || !posted))) {
      location.assign(ended);
      return;
    }
    swap(page, ended + (response.redirected ? "" : new URL(url, location).hash), { push: push && (response.redirected || !posted), posted });
  } catch (error) {
    if (turn === latest) failed(error, url, posted);
  } finally {
    if (posted) sending = false;
  }
}

function failed(error, url, posted) {
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
  main?.querySelector(".split__detail")?.prepend(said);
}

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

function countDown(form) {
  const bar = form.querySelector("[data-undo-time]");
  const until = Date.now() + Number(form.dataset.undo) * 1000;
  bar.hidden = false;
  const tick = setInterval(() => {
    const left = (until - Date.now()) / 1000;
    bar.value = Math.max(0, left);
    if (!form.isConnected) clearInterval(tick);
    if (left > 0 || form.contains(document.activeElement)) return;
    clearInterval(tick);
    bar.hidden = true;
    form.querySelector("button[value=reopen]")?.remove();
  }, 250);
}

async function tell(place) {
  const token = document.querySelector("main input[name=csrf_token]")?.value;
  if (!place.isConnected || document.hidden || !token) return;
  try {
    const response = await fetch(place.dataset.presence, { method: "POST", body: new URLSearchParams({ csrf_token: token }) });
    const { others } = response.ok ? await response.json() : { others: "" };
    if (!place.isConnected || place.textContent === others) return;
    place.hidden = !others;
    place.textContent = others;
  } catch {
    // Said again in 20 seconds.
  }
}

function begin() {
  document.querySelectorAll("form[data-undo]").forEach(countDown);
  const place = document.querySelector("[data-presence]");
  if (!place) return;
  setTimeout(() => tell(place), SETTLED);
  const again = setInterval(() => (place.isConnected ? tell(place) : clearInterval(again)), REPEAT);
}

if (current()) {
  begin();
  document.querySelector(".item--current")?.scrollIntoView({ block: "nearest" });
  if (!location.hash) window.scrollTo(0, 0);
}
