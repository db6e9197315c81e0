// Moving an appointment by mouse, finger or pen: within the day of the counters, and on to another day. Every page works without this file.
"use strict";

const STEP = 5 * 60 * 1000;
const STARTS_AFTER = 6;
const RESTS = 400;
const SLIPS = 10;
const EDGE = 56;
const SCROLLS = 10;
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

// Another day: its row in the week, or the way to it above the day.
function dayAt(x, y) {
  const under = document.elementFromPoint(x, y);
  return under && under.closest("[data-drop-day]");
}

// Its own time counts as free: a visit may move by less than its length.
function fits(grid, visit, resource, row) {
  if (!visit.dataset.may.split(" ").includes(resource)) {
    return false;
  }
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

function target() {
  const { visit, grid, edges, grabbed, x, y } = drag;
  const day = dayAt(x, y);
  if (day || !grid) {
    return { day: day && day.dataset.dropDay !== visit.dataset.day ? day : null };
  }
  const several = "several" in visit.dataset;
  const name = several ? null : counterAt(x, grid);
  const resource = several ? visit.dataset.resource : name && name.dataset.resource;
  const row = Math.max(1, rowAt(y + scrollY - drag.scrolled, edges) - grabbed);
  return { resource, name: several ? "" : name && name.dataset.name, row, free: Boolean(resource) && fits(grid, visit, resource, row) };
}

function show(found) {
  const { visit, grid } = drag;
  document.querySelectorAll(".is-target").forEach((each) => each.classList.remove("is-target"));
  if (!("row" in found)) {
    found.day?.classList.add("is-target");
    drag.shadow?.remove();
    drag.shadow = null;
    return;
  }
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
  if (drag) {
    // A second finger means something else, such as a larger picture.
    abandon();
    return;
  }
  const visit = event.target.closest("[data-moves]");
  const grid = visit && visit.closest(".day-grid");
  if (!visit || event.button !== 0 || (grid && getComputedStyle(grid).display !== "grid")) {
    return;
  }
  const { clientX: x, clientY: y, pointerId: pointer } = event;
  const edges = grid && edgesOf(grid.querySelector(".day-grid__body"));
  const grabbed = grid && rowAt(y, edges) - Number(visit.dataset.row);
  drag = { visit, grid, edges, grabbed, pointer, x, y, from: { x, y }, scrolled: scrollY, moves: false, found: null };
  // A finger that moves at once wants to scroll: it has to rest before it lifts what lies under it.
  drag.rests = event.pointerType === "mouse" ? 0 : setTimeout(lift, RESTS);
}

function lift() {
  drag.rests = 0;
  drag.moves = true;
  if (strip) {
    hide();
  }
  drag.visit.classList.add("is-moving");
  document.body.classList.add("moving");
  navigator.vibrate?.(15);
  follow();
}

// As long as something is carried near an edge the page moves along, also under a hand that keeps still.
function follow() {
  if (!drag || !drag.moves) {
    return;
  }
  const by = drag.y < EDGE ? -SCROLLS : drag.y > innerHeight - EDGE ? SCROLLS : 0;
  if (by) {
    scrollBy({ top: by, behavior: "instant" });
    carry();
  }
  requestAnimationFrame(follow);
}

function carry() {
  drag.found = target();
  show(drag.found);
}

function move(event) {
  if (!drag || event.pointerId !== drag.pointer) {
    return;
  }
  if (event.pointerType === "mouse" && !(event.buttons & 1)) {
    // The button was let go where nobody told us, over a menu of the browser.
    abandon();
    return;
  }
  const far = Math.hypot(event.clientX - drag.from.x, event.clientY - drag.from.y);
  if (drag.rests) {
    if (far > SLIPS) {
      abandon();
    }
    return;
  }
  if (!drag.moves) {
    if (far < STARTS_AFTER) {
      return;
    }
    lift();
  }
  event.preventDefault();
  drag.x = event.clientX;
  drag.y = event.clientY;
  carry();
}

function end(event) {
  if (!drag || event.pointerId !== drag.pointer) {
    return;
  }
  const { moves, found, visit, grid } = drag;
  if (moves) {
    // The click that follows would open the booking.
    dropped = true;
    setTimeout(() => (dropped = false), 0);
  }
  if (moves && event.type === "pointerup" && found?.day) {
    release();
    location.href = `/dienst/termine/${visit.dataset.booking}?verlegen=${found.day.dataset.dropDay}#verlegen`;
  } else if (moves && event.type === "pointerup" && found?.free && !isSame(visit, found)) {
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
  clearTimeout(drag?.rests);
  document.body.classList.remove("moving");
  drag = null;
}

function abandon() {
  release();
  stop();
}

function release() {
  document.querySelectorAll(".drop").forEach((each) => each.remove());
  document.querySelectorAll(".is-moving").forEach((each) => each.classList.remove("is-moving"));
  document.querySelectorAll(".is-target").forEach((each) => each.classList.remove("is-target"));
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

if (document.querySelector("[data-drop-day]")) {
  const hint = document.getElementById("ziehen");
  if (hint) {
    hint.hidden = false;
  }
  addEventListener("pointerdown", begin);
  addEventListener("pointermove", move);
  addEventListener("pointerup", end);
  addEventListener("pointercancel", end);
  // What has been lifted must not scroll the page, and resting on it must not open a menu.
  addEventListener("touchmove", (event) => drag?.moves && event.preventDefault(), { passive: false });
  addEventListener("contextmenu", (event) => drag && (drag.rests || drag.moves) && event.preventDefault());
  addEventListener("click", (event) => dropped && event.preventDefault(), { capture: true });
  addEventListener("dragstart", (event) => event.target.closest && event.target.closest("[data-moves]") && event.preventDefault());
  strip?.querySelector("[data-cancel]").addEventListener("click", hide);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      abandon();
      if (strip) {
        hide();
      }
    }
  });
  // A day that is exchanged under the hand would lose what the hand holds.
  addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (drag || (strip && !strip.hidden)) {
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
