// The proof of work while people choose a time or fill in a form, the countdown of a held time, printing. All pages work without this file.
"use strict";

const SLICE = 250;
const URGENT = [5, 2, 1];

async function isIt(task, number) {
  const bytes = new TextEncoder().encode(task.salt + number);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return task.challenge === Array.from(digest, (each) => each.toString(16).padStart(2, "0")).join("");
}

// Altcha's scheme: the number that makes the challenge. In slices, so that a tap is answered at once.
async function solve(task) {
  for (let first = 0; first <= task.maxnumber; first += SLICE) {
    const numbers = Array.from({ length: Math.min(SLICE, task.maxnumber - first + 1) }, (_, at) => first + at);
    const found = (await Promise.all(numbers.map((each) => isIt(task, each)))).indexOf(true);
    if (found >= 0) {
      return first + found;
    }
    await new Promise((go) => setTimeout(go));
  }
  return null;
}

async function prove(form) {
  const task = await (await fetch(form.dataset.proofUrl)).json();
  const number = await solve(task);
  if (number !== null) {
    const { algorithm, challenge, salt, signature } = task;
    form.elements.nachweis.value = btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
    form.dataset.proven = "";
  }
}

function countDown(told) {
  const shown = told.querySelector("[data-countdown]");
  const said = document.querySelector("[data-countdown-said]");
  const until = Date.parse(told.dataset.until);
  let last = null;
  const tick = () => {
    const minutes = Math.ceil((until - Date.now()) / 60000);
    if (minutes === last) {
      return;
    }
    const over = minutes <= 0;
    const text = over
      ? told.dataset.over
      : minutes === 1
        ? told.dataset.leftOne
        : told.dataset.left.replace("{minutes}", minutes);
    if (over) {
      told.lastElementChild.textContent = text;
      clearInterval(ticking);
    } else {
      shown.textContent = `(${text})`;
    }
    if (over || (last !== null && URGENT.includes(minutes))) {
      said.textContent = text;
    }
    last = minutes;
  };
  const ticking = setInterval(tick, 1000);
  tick();
}

const proving = document.querySelector("[data-proof-url]");
if (proving && window.crypto && crypto.subtle) {
  prove(proving).catch(() => {});
  // Somebody came back: the proof of before is used up.
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      proving.elements.nachweis.value = "";
      prove(proving).catch(() => {});
    }
  });
}
for (const told of document.querySelectorAll("[data-until]:has([data-countdown])")) {
  countDown(told);
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
