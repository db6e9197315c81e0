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

function listen(delay) {
  const banner = document.getElementById("banner");
  const stream = new EventSource(banner.dataset.stream);
  let wait = delay;
  stream.addEventListener("banner", (event) => {
    wait = 2000;
    renew(event.data);
  });
  stream.addEventListener("error", () => {
    stream.close();
    setTimeout(() => listen(Math.min(wait * 2, 60000)), wait * (0.5 + Math.random()));
  });
  addEventListener("pagehide", () => stream.close(), { once: true });
}

function bytesOf(text) {
  const padded = text.replace(/-/g, "+").replace(/_/g, "/") + "=".repeat((4 - (text.length % 4)) % 4);
  return Uint8Array.from(atob(padded), (each) => each.charCodeAt(0));
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
  const subscription = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(key) });
  const { endpoint, keys } = subscription.toJSON();
  const answer = await fetch(section.dataset.send, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      endpoint,
      p256dh: keys.p256dh,
      auth: keys.auth,
      topics,
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
if (document.getElementById("banner") && "EventSource" in window) {
  listen(2000);
}
