// Shows messages of the town, and a page that says so when there is no connection.
// Pages are never kept: whether the pool was open yesterday helps nobody, and pages behind links belong to one person.
"use strict";

const KEPT = "rathaus-1";
const OFFLINE = { "": "/offline", en: "/en/offline", einfach: "/einfach/offline" };
const FILES = [
  "static:vendor/kern-ux-native-2.7.2/kern.min.css",
  "static:portal.css",
  "static:icons/icon.svg",
];

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(KEPT)
      .then((kept) => kept.addAll([...Object.values(OFFLINE), ...FILES]))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) {
    return;
  }
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => offlinePage(request)));
  } else if (new URL(request.url).pathname.startsWith("/static/")) {
    event.respondWith(caches.match(request).then((kept) => kept || fetch(request)));
  }
});

async function offlinePage(request) {
  const first = new URL(request.url).pathname.split("/")[1];
  return (await caches.match(OFFLINE[first] || OFFLINE[""])) || Response.error();
}

self.addEventListener("push", (event) => {
  let told = {};
  try {
    told = event.data.json();
  } catch {
    told = {};
  }
  event.waitUntil(
    self.registration.showNotification(told.title || "Stadt Tangerhütte", {
      body: told.body || "",
      tag: told.tag,
      renotify: Boolean(told.tag),
      lang: told.lang === "en" ? "en" : "de",
      icon: "static:icons/icon-192.png",
      data: { url: told.url || "/" },
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const target = new URL(event.notification.data.url, location.origin);
  if (target.origin === location.origin) {
    event.waitUntil(self.clients.openWindow(target.href));
  }
});
