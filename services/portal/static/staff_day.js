// Small helps on the counters' pages. Every page works without this file.
"use strict";

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
