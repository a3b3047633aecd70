"use strict";
(() => {
  const folds = [...document.querySelectorAll("details.fold")];
  const button = document.querySelector("button.unfold");
  const say = () => {
    const all = folds.every((fold) => fold.open);
    button.textContent = all ? "Dölj allt" : "Visa allt";
    button.setAttribute("aria-expanded", String(all));
  };
  if (button && folds.length > 1) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const open = !folds.every((fold) => fold.open);
      for (const fold of folds) fold.open = open;
      say();
    });
    for (const fold of folds) fold.addEventListener("toggle", say);
  }
  let before = [];
  addEventListener("beforeprint", () => {
    before = folds.map((fold) => fold.open);
    for (const fold of folds) fold.open = true;
  });
  addEventListener("afterprint", () => before.forEach((open, i) => (folds[i].open = open)));
})();
