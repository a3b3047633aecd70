"use strict";
(() => {
  const folds = [...document.querySelectorAll("details.fold")];
  const button = document.querySelector("button.unfold");
  const live = document.getElementById("sagt");
  const tell = (text) => { if (live) live.textContent = text; };

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

  // A link to something folded opens it.
  const arrive = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const target = id && document.getElementById(id);
    if (!target) return;
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    if (id === "bilagor") for (const fold of folds) fold.open = true;
  };
  addEventListener("hashchange", arrive);
  arrive();

  // On paper: the pages of their own always, what is folded only where it is asked for.
  let before = [];
  addEventListener("beforeprint", () => {
    before = folds.map((fold) => fold.open);
    for (const fold of folds) fold.open = true;
  });
  addEventListener("afterprint", () => before.forEach((open, i) => (folds[i].open = open)));

  const toClipboard = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  };

  const tools = (place, list) => {
    const row = document.createElement("p");
    row.className = "tools";
    for (const [label, about, act] of list) {
      const one = document.createElement("button");
      one.type = "button";
      one.textContent = label;
      one.setAttribute("aria-label", label + ": " + about);
      one.addEventListener("click", act);
      row.append(one);
    }
    place.append(row);
  };

  // Swedish: semicolon and decimal comma, as Excel here opens it. For programs: comma and point, numbers in full.
  const csv = (rows, swedish) => {
    const cell = (value) => {
      const text = value === null || value === undefined ? ""
        : typeof value === "number" ? (swedish ? String(value).replace(".", ",") : String(value)) : value;
      const risky = typeof value === "string" && /^\s*[=+@\t-]/.test(text) && text.trim().length > 1;
      const safe = risky ? "'" + text : text;
      return /["\n]/.test(safe) || safe.includes(swedish ? ";" : ",") ? '"' + safe.replace(/"/g, '""') + '"' : safe;
    };
    return rows.map((row) => row.map(cell).join(swedish ? ";" : ",")).join("\r\n") + "\r\n";
  };

  const fetchable = (place, title, rows, more) => {
    const name = title.toLowerCase().normalize("NFD").replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60);
    const save = (swedish) => () => {
      const text = (swedish ? "\ufeff" : "") + csv(rows(), swedish);
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
      link.download = (name || "data") + (swedish ? "" : "_maskin") + ".csv";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
      tell("Filen är hämtad");
    };
    const copy = async () => {
      await toClipboard(csv(rows(), true).replace(/;/g, "\t"));
      tell("Kopierat");
    };
    tools(place, [["Hämta data", title, save(true)], ["för program", "hämta data, " + title, save(false)],
      ["Kopiera", title, copy], ...(more || [])]);
  };

  for (const figure of document.querySelectorAll("figure.plot")) {
    const data = JSON.parse(figure.querySelector("script.figure-data").textContent);
    const title = figure.querySelector("figcaption").textContent.trim();
    const picture = async () => {
      const shown = [...figure.querySelectorAll("svg")].find((svg) => svg.getClientRects().length);
      try {
        const copy = shown.cloneNode(true);
        copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
        copy.setAttribute("font-family", "sans-serif");
        const image = new Image();
        image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(copy.outerHTML);
        await image.decode();
        const canvas = document.createElement("canvas");
        canvas.width = shown.viewBox.baseVal.width * 2;
        canvas.height = shown.viewBox.baseVal.height * 2;
        const pen = canvas.getContext("2d");
        pen.fillStyle = "#fff";
        pen.fillRect(0, 0, canvas.width, canvas.height);
        pen.drawImage(image, 0, 0, canvas.width, canvas.height);
        const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
        await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
        tell("Bilden är kopierad");
      } catch {
        tell("Bilden kunde inte kopieras här; kopiera talen i stället");
      }
    };
    fetchable(figure, title, () => [data.kolumner, ...data.rader], [["Kopiera bild", title, picture]]);
  }

  for (const box of document.querySelectorAll(".planbok-table")) {
    const table = box.querySelector("table");
    const rows = () => [...table.rows].map((row) => [...row.cells].map((cell) =>
      cell.dataset.v ? Number(cell.dataset.v) : cell.textContent.trim()));
    const place = document.createElement("div");
    const note = box.nextElementSibling;
    (note && note.classList.contains("planbok-note") ? note : box).after(place);
    fetchable(place, (table.caption || box).textContent.trim(), rows);
    const wide = () => box.classList.toggle("scrolls", box.scrollWidth > box.clientWidth + 4);
    new ResizeObserver(wide).observe(box);
  }

  const answer = document.querySelector("section.answer");
  if (answer && answer.querySelector(".lead")) {
    const text = () => {
      const heading = document.querySelector("h1").textContent.replace(/\s+/g, " ").trim();
      const said = [...answer.querySelectorAll(".lead, .sentences p")].map((one) => one.textContent.trim());
      const numbers = [...answer.querySelectorAll(".key-figures > div")].map((one) =>
        one.querySelector("dt").textContent.trim() + ": " + one.querySelector("dd").textContent.trim());
      return [heading, ...said, numbers.join("\n")].filter(Boolean).join("\n\n") + "\n";
    };
    tools(answer, [["Kopiera sammanfattningen", "som text", async () => {
      await toClipboard(text());
      tell("Sammanfattningen är kopierad");
    }]]);
  }
  document.documentElement.setAttribute("data-figures", "ready");
})();
