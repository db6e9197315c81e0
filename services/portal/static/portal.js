// The banner without reload, messages of the browser, the service worker. Every page works without this file.
"use strict";

function renew(html) {
  const banner = document.getElementById("banner");
  const shape = document.createElement("template");
  shape.innerHTML = html;
  if (shape.content.textContent.replace(/\s+/g, " ").trim() === banner.textContent.replace(/\s+/g, " ").trim()) {
    return;
  }
  banner.replaceChildren(shape.content);
  renewParts();
}

async function renewParts() {
  const parts = document.querySelectorAll("[data-live]");
  if (parts.length === 0) {
    return;
  }
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (!answer.ok) {
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of parts) {
      const fresh = page.getElementById(part.id);
      if (fresh) {
        part.replaceWith(fresh);
      }
    }
  } catch {
    // The next change tries again.
  }
}

// Only a page that is seen listens: a browser holds six streams to one host and lets the seventh page wait for ever.
const SHORTEST = 2000;
let stream = null;
let again = 0;

function listen(wait) {
  const banner = document.getElementById("banner");
  stream = new EventSource(banner.dataset.stream);
  stream.addEventListener("banner", (event) => {
    wait = SHORTEST;
    renew(event.data);
  });
  stream.addEventListener("error", () => {
    rest();
    again = setTimeout(() => listen(Math.min(wait * 2, 60000)), wait * (0.5 + Math.random()));
  });
}

function rest() {
  clearTimeout(again);
  if (stream) {
    stream.close();
    stream = null;
  }
}

function seen() {
  rest();
  if (document.visibilityState === "visible") {
    listen(SHORTEST);
    renewParts();
  }
}

// The browser then shows by itself what is wrong.
function sendPlainly(element) {
  if (element instanceof HTMLFormElement) {
    element.submit();
  }
}

// A part that renews itself stays when the answer holds no such part (an error, a proxy's page), and says that it is old.
function keepParts() {
  addEventListener("htmx:beforeSwap", ({ detail }) => {
    const part = (detail.requestConfig.elt.getAttribute("hx-select") || "").slice(1);
    if (part && !detail.serverResponse.includes(`id="${part}"`)) {
      detail.shouldSwap = false;
      sendPlainly(detail.requestConfig.elt);
    }
  });
  addEventListener("htmx:sendError", ({ detail }) => sendPlainly(detail.requestConfig.elt));
  addEventListener("htmx:afterRequest", ({ detail }) => {
    const told = document.querySelector("[data-stale]");
    if (told) {
      told.hidden = detail.xhr.status >= 200 && detail.xhr.status < 300;
    }
  });
}

function bytesOf(text) {
  const padded = text.replace(/-/g, "+").replace(/_/g, "/") + "=".repeat((4 - (text.length % 4)) % 4);
  return Uint8Array.from(atob(padded), (each) => each.charCodeAt(0));
}

async function listening(worker, key) {
  const wanted = bytesOf(key);
  const present = await worker.pushManager.getSubscription();
  const known = present && new Uint8Array(present.options.applicationServerKey || []);
  if (present && (known.length !== wanted.length || known.some((each, at) => each !== wanted[at]))) {
    // Of a key that the town no longer has: the browser would refuse another one beside it.
    await present.unsubscribe();
  }
  return worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: wanted });
}

async function subscribe(section, form) {
  const chosen = new FormData(form);
  const topics = chosen.getAll("topics");
  if (topics.length === 0) {
    return section.dataset.noTopics;
  }
  if ((await Notification.requestPermission()) !== "granted") {
    return section.dataset.denied;
  }
  const { key } = await (await fetch(section.dataset.key)).json();
  const worker = await navigator.serviceWorker.ready;
  const { endpoint, keys } = (await listening(worker, key)).toJSON();
  const answer = await fetch(section.dataset.send, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      endpoint,
      p256dh: keys.p256dh,
      auth: keys.auth,
      topics,
      places: chosen.getAll("ort"),
      language: chosen.get("language"),
      text_version: chosen.get("text_version"),
      preferences: section.dataset.preferences || null,
    }),
  });
  const told = await answer.json();
  if (answer.ok) {
    location.assign(told.preferences);
    return "";
  }
  return told.error || section.dataset.away;
}

function offerPush() {
  const section = document.getElementById("push");
  const form = document.getElementById("themen");
  if (!section || !form || !("PushManager" in window) || !("Notification" in window)) {
    return;
  }
  section.hidden = false;
  const said = section.querySelector("[role=status]");
  section.querySelector("button").addEventListener("click", async () => {
    said.textContent = "";
    try {
      said.textContent = await subscribe(section, form);
    } catch {
      said.textContent = section.dataset.away;
    }
  });
}

if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/sw.js").then(offerPush, () => {});
}
keepParts();
if (document.getElementById("banner") && "EventSource" in window) {
  listen(SHORTEST);
  addEventListener("visibilitychange", seen);
  addEventListener("pagehide", rest);
  addEventListener("pageshow", (event) => event.persisted && seen());
}
