/**
 * A form is sent once.
 *
 *   form[data-once]              a second press within ten seconds does nothing; the button is marked aria-disabled and never
 *                                disabled, so that its name and value travel with the form
 *   form[data-offline="…"]       said, and the form kept, when the browser knows that it is offline
 *   [data-offline-message]       where it is said (role="alert"), inside the form
 */

const PAUSE = 10_000;
const sent = new WeakMap();

function release(form) {
  sent.delete(form);
  for (const button of form.querySelectorAll("[aria-disabled='true']")) button.removeAttribute("aria-disabled");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const offline = form.dataset.offline;
  const message = form.querySelector("[data-offline-message]");
  if (message) message.hidden = true;
  if (offline && navigator.onLine === false) {
    event.preventDefault();
    if (message) {
      message.textContent = offline;
      message.hidden = false;
    }
    return;
  }
  if (!form.matches("[data-once]") || event.defaultPrevented) return;
  if (Date.now() - (sent.get(form) ?? -PAUSE) < PAUSE) {
    event.preventDefault();
    return;
  }
  sent.set(form, Date.now());
  event.submitter?.setAttribute("aria-disabled", "true");
  setTimeout(() => release(form), PAUSE);
});

// A page that comes back from the browser's memory may be sent again; the submission key makes that harmless.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-once]").forEach(release);
});
