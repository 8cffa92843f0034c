/**
 * The queue's own: an undo that runs down, and who else has the answer open. Everything works without this file.
 *
 *   form[data-undo="10"]          its [data-undo-time] runs down for so many seconds, then its button goes, whoever is on it; the
 *                                 reversal stays. Without script desk.css takes the button away
 *   [data-presence="address"]     told every 20 seconds that this answer is open here; shows who else has it open
 */
import "./swap.js";

const REPEAT = 20_000;
const SETTLED = 300;

function countDown(form) {
  const bar = form.querySelector("[data-undo-time]");
  const until = Date.now() + Number(form.dataset.undo) * 1000;
  bar.hidden = false;
  const tick = setInterval(() => {
    const left = (until - Date.now()) / 1000;
    bar.value = Math.max(0, left);
    if (!form.isConnected) clearInterval(tick);
    if (left > 0) return;
    clearInterval(tick);
    bar.hidden = true;
    const button = form.querySelector("button[value=reopen]");
    if (button === document.activeElement) (form.querySelector("a[href]") ?? document.getElementById("main")).focus();
    button?.remove();
  }, 250);
}

async function tell(place) {
  const token = document.querySelector("main input[name=csrf_token]")?.value;
  if (!place.isConnected || document.hidden || !token || !place.parentElement.getClientRects().length) return;
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

document.addEventListener("desk:swapped", begin);
begin();
document.querySelector(".item--current")?.scrollIntoView({ block: "nearest" });
if (!location.hash) window.scrollTo(0, 0);
