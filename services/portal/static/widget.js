// The state of the pool renews itself without loading the frame anew: focus and reading position stay.
"use strict";

const EVERY = 60000;

async function renew() {
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const [old, fresh] = [document.querySelector("main"), page.querySelector("main")];
      if (fresh && !old.contains(document.activeElement)) {
        old.replaceWith(fresh);
        document.title = page.title;
      }
    }
  } catch {
    // The next minute tries again; the page says as of when it is.
  }
}

setInterval(renew, EVERY);
