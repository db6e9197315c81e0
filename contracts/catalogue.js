// The search of the catalogue. Without it the page is a plain list, and nothing is missing.
"use strict";

const field = document.getElementById("suche");
const status = document.getElementById("treffer");
const events = [...document.querySelectorAll(".event")].map((entry) => ({
  entry,
  text: entry.textContent.toLocaleLowerCase("de"),
}));

function search() {
  const words = field.value.toLocaleLowerCase("de").split(/\s+/).filter(Boolean);
  let found = 0;
  for (const { entry, text } of events) {
    entry.hidden = !words.every((word) => text.includes(word));
    found += entry.hidden ? 0 : 1;
  }
  for (const section of document.querySelectorAll(".events")) {
    section.hidden = !section.querySelector(".event:not([hidden])");
  }
  document.getElementById("einsenden").hidden = words.length > 0;
  status.textContent = words.length === 0 ? "" : `${found} von ${events.length} Ereignissen`;
}

// A link to an event that the search hides would lead nowhere.
function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.closest("[hidden]")) {
    field.value = "";
    search();
    target.scrollIntoView();
  }
}

document.getElementById("suchen").hidden = false;
field.form.addEventListener("submit", (event) => event.preventDefault());
field.addEventListener("input", search);
addEventListener("hashchange", reveal);
search();
