// Moving an appointment by hand in the day of the counters, and printing. Every page works without this file.
"use strict";

const STEP = 5 * 60 * 1000;
const STARTS_AFTER = 6;
const EDGE = 56;
const SCROLLS = 24;
const strip = document.getElementById("frage");
let drag = null;
let dropped = false;

function clock(at) {
  return new Intl.DateTimeFormat("de-DE", { hour: "numeric", minute: "2-digit", timeZone: "Europe/Berlin" }).format(at);
}

// The rows of the grid grow with what stands in them: the browser knows how tall each has become.
function edgesOf(body) {
  const rows = getComputedStyle(body).gridTemplateRows.split(" ").map(parseFloat);
  const edges = [body.getBoundingClientRect().top];
  rows.forEach((height) => edges.push(edges.at(-1) + height));
  return edges;
}

function rowAt(y, edges) {
  const after = edges.findIndex((edge) => edge > y);
  return after < 1 ? (after === 0 ? 1 : edges.length - 1) : after;
}

function counterAt(x, grid) {
  return [...grid.querySelectorAll(".day-grid__name")].find((each) => {
    const box = each.getBoundingClientRect();
    return x >= box.left && x <= box.right;
  });
}

// Its own time counts as free: a visit may move by less than its length.
function fits(grid, visit, resource, row) {
  // What follows a visit (buffer) has to be free too.
  const rows = Number(visit.dataset.needs);
  const taken = new Set();
  for (const each of [...grid.querySelectorAll("[data-free]"), visit]) {
    if (each.dataset.resource === resource) {
      const first = Number(each.dataset.row);
      for (let at = first; at < first + (each === visit ? rows : Number(each.dataset.rows)); at += 1) {
        taken.add(at);
      }
    }
  }
  return Array.from({ length: rows }, (_, at) => row + at).every((each) => taken.has(each));
}

function target(event) {
  const { visit, grid, edges, grabbed } = drag;
  const several = "several" in visit.dataset;
  const name = several ? null : counterAt(event.clientX, grid);
  const resource = several ? visit.dataset.resource : name && name.dataset.resource;
  const row = Math.max(1, rowAt(event.clientY + scrollY - drag.scrolled, edges) - grabbed);
  return { resource, name: several ? "" : name && name.dataset.name, row, free: Boolean(resource) && fits(grid, visit, resource, row) };
}

function show(found) {
  const { visit, grid } = drag;
  if (!drag.shadow) {
    drag.shadow = document.createElement("div");
    grid.querySelector(".day-grid__body").append(drag.shadow);
  }
  const columns = [...grid.querySelectorAll(".day-grid__name")].map((each) => each.dataset.resource);
  const column = Math.max(1, columns.indexOf(found.resource || visit.dataset.resource) + 1);
  drag.shadow.className = `drop col-${column} from-${found.row} for-${visit.dataset.rows}${found.free ? "" : " drop--no"}`;
  drag.shadow.textContent = clock(timeOf(grid, found.row));
}

function timeOf(grid, row) {
  return new Date(Date.parse(grid.dataset.begins) + (row - 1) * STEP);
}

function begin(event) {
  const visit = event.target.closest("[data-moves]");
  if (!visit || event.button !== 0 || event.pointerType === "touch") {
    return;
  }
  const grid = visit.closest(".day-grid");
  if (getComputedStyle(grid).display !== "grid") {
    return;
  }
  const edges = edgesOf(grid.querySelector(".day-grid__body"));
  const grabbed = rowAt(event.clientY, edges) - Number(visit.dataset.row);
  drag = { visit, grid, edges, grabbed, x: event.clientX, y: event.clientY, scrolled: scrollY, moves: false };
}

function move(event) {
  if (!drag || (!drag.moves && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < STARTS_AFTER)) {
    return;
  }
  if (!drag.moves) {
    drag.moves = true;
    hide();
    drag.visit.classList.add("is-moving");
    document.body.classList.add("moving");
  }
  event.preventDefault();
  scrollBy(0, event.clientY < EDGE ? -SCROLLS : event.clientY > innerHeight - EDGE ? SCROLLS : 0);
  drag.found = target(event);
  show(drag.found);
}

function end(event) {
  if (!drag) {
    return;
  }
  const { moves, found, visit, grid } = drag;
  if (moves) {
    // The click that follows would open the booking.
    dropped = true;
    setTimeout(() => (dropped = false), 0);
  }
  if (moves && event.type === "pointerup" && found.free && !isSame(visit, found)) {
    ask(visit, grid, found);
  } else {
    release();
  }
  stop();
}

function isSame(visit, found) {
  return found.resource === visit.dataset.resource && found.row === Number(visit.dataset.row);
}

function stop() {
  document.body.classList.remove("moving");
  drag = null;
}

function release() {
  document.querySelectorAll(".drop").forEach((each) => each.remove());
  document.querySelectorAll(".is-moving").forEach((each) => each.classList.remove("is-moving"));
}

function ask(visit, grid, found) {
  const to = timeOf(grid, found.row);
  const words = { number: visit.dataset.number, from: clock(new Date(visit.dataset.begins)), to: clock(to), counter: found.name };
  const text = strip.dataset.text.replace(/\{(\w+)\}/g, (_, key) => words[key]).replace(/\s+/g, " ");
  strip.querySelector("[role=status]").textContent = `${text} ${"mail" in visit.dataset ? strip.dataset.mail : strip.dataset.noMail}`;
  strip.action = `/dienst/termine/${visit.dataset.booking}/verlegen`;
  strip.elements.starts_at.value = to.toISOString();
  strip.elements.resource.value = "several" in visit.dataset ? "" : found.resource;
  strip.elements.seen_version.value = visit.dataset.version;
  strip.hidden = false;
  strip.querySelector("[type=submit]").focus();
}

function hide() {
  strip.hidden = true;
  release();
}

if (strip) {
  const hint = document.getElementById("ziehen");
  if (hint) {
    hint.hidden = false;
  }
  addEventListener("pointerdown", begin);
  addEventListener("pointermove", move);
  addEventListener("pointerup", end);
  addEventListener("pointercancel", end);
  addEventListener("click", (event) => dropped && event.preventDefault(), { capture: true });
  addEventListener("dragstart", (event) => event.target.closest && event.target.closest("[data-moves]") && event.preventDefault());
  strip.querySelector("[data-cancel]").addEventListener("click", hide);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      stop();
      hide();
    }
  });
  // A day that is exchanged under the hand would lose what the hand holds.
  addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (drag || !strip.hidden) {
      detail.shouldSwap = false;
    }
  });
}

// A free stretch may be hours long: its link takes the time that was clicked on.
addEventListener("click", (event) => {
  const link = event.target.closest && event.target.closest(".free__link");
  const grid = link && link.closest(".day-grid");
  if (!grid || !event.detail || getComputedStyle(grid).display !== "grid") {
    return;
  }
  const free = link.closest("[data-free]").dataset;
  const clicked = rowAt(event.clientY, edgesOf(grid.querySelector(".day-grid__body")));
  const address = new URL(link.href);
  address.searchParams.set("ab", timeOf(grid, Math.max(clicked, Number(free.row))).toISOString());
  link.href = address.href;
});

// The whole office and single counters are one or the other.
addEventListener("change", ({ target: box }) => {
  if (box.name === "resources" && box.checked) {
    for (const other of box.form.querySelectorAll("[name=resources]")) {
      other.checked &&= (other.value === "alle") === (box.value === "alle");
    }
  }
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
