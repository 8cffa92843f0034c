/**
 * A tablet that is handed round. Without this file the server refuses what is sent after somebody's turn.
 *
 *   [data-turn="key" data-turn-over="/kiosk"]   whose turn this page is, "" between two people. It goes there when it comes back
 *                                               from the browser's memory; once another turn begins or ends in any tab, nothing
 *                                               is left of it but [data-turn-left], the way there: going would end that turn
 *   [data-idle="180" data-idle-warns="60"]      on the same: untouched for so many seconds it goes there too, and for the last
 *                                               of them [data-idle-message] asks whether somebody is still there
 */

const page = document.querySelector("[data-turn]");
const { turn, turnOver, idle, idleWarns } = page.dataset;
const message = document.querySelector("[data-idle-message]");
const turns = "BroadcastChannel" in window ? new BroadcastChannel("consult.turns") : null;

function leave() {
  document.documentElement.hidden = true;
  for (const field of document.querySelectorAll("textarea, input:not([type=hidden])")) {
    field.value = "";
    field.checked = false;
  }
  location.replace(turnOver);
}

function wipe() {
  document.querySelector("main").replaceChildren(document.querySelector("[data-turn-left]"));
}

function leaveWhenIdle() {
  let timers = [];
  const wait = () => {
    timers.forEach(clearTimeout);
    message.hidden = true;
    const until = Number(idle) * 1000;
    timers = [setTimeout(leave, until), setTimeout(() => { message.hidden = false; }, until - Number(idleWarns) * 1000)];
  };
  for (const act of ["input", "pointerdown", "keydown", "scroll"]) document.addEventListener(act, wait, { passive: true });
  wait();
}

if (turns) {
  turns.addEventListener("message", ({ data }) => { if (turn && data !== turn) wipe(); });
  turns.postMessage(turn);
}
// What is left is not to be seen for a moment when the browser brings it back.
window.addEventListener("pagehide", () => { if (turn) document.documentElement.hidden = true; });
window.addEventListener("pageshow", (event) => { if (turn && event.persisted) leave(); });
if (idle) leaveWhenIdle();
