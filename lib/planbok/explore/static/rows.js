// A table set as in the report: sorted by its headings, searched, copied to a mail or Excel, with notes beside its rows.
const BLANKS = /[\u00a0\u202f]/g;

function button(text, about, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  if (about) made.setAttribute("aria-label", about);
  made.addEventListener("click", act);
  return made;
}

function number(cell) {
  if (cell.dataset.v !== undefined) return Number(cell.dataset.v);
  return null;
}

function compare(place, down) {
  return (one, other) => {
    const [a, b] = [one.cells[place], other.cells[place]];
    const [x, y] = [number(a), number(b)];
    const order = x !== null && y !== null ? x - y
      : x !== null ? -1 : y !== null ? 1 : a.textContent.localeCompare(b.textContent, "sv");
    return down ? -order : order;
  };
}

async function toClipboard(table, tell) {
  const rows = [...table.rows].filter((row) => !row.hidden);
  const words = (cell) => {
    const field = cell.querySelector("input");
    if (field) return field.value;
    return cell.dataset.v !== undefined ? String(Number(Number(cell.dataset.v).toPrecision(15))).replace(".", ",") : cell.textContent.replace(BLANKS, " ").trim();
  };
  const safe = (text) => (/^\s*[=+@\t-]/.test(text) && !/^-?[\d ]+(,\d+)?$/.test(text) && text.trim().length > 1 ? "'" + text : text);
  const plain = rows.map((row) => [...row.cells].map((cell) => safe(words(cell)).replace(/[\t\n]/g, " ")).join("\t")).join("\r\n");
  const cell = (it) => {
    const side = it.classList.contains("num") ? "right" : "left";
    const tag = it.tagName.toLowerCase();
    const box = document.createElement("span");
    box.textContent = it.querySelector("input") ? it.querySelector("input").value : it.textContent.trim();
    return `<${tag} style="text-align:${side};padding:2px 10px;border-bottom:1px solid #d8dde3">${box.innerHTML}</${tag}>`;
  };
  const title = document.createElement("span");
  title.textContent = table.caption ? table.caption.textContent : "";
  const markup = `<table style="border-collapse:collapse;font-family:sans-serif;font-size:11pt"><caption style="text-align:left;font-weight:600">${title.innerHTML}</caption>`
    + rows.map((row) => `<tr>${[...row.cells].map(cell).join("")}</tr>`).join("") + "</table>";
  try {
    await navigator.clipboard.write([new ClipboardItem({
      "text/html": new Blob([markup], { type: "text/html" }),
      "text/plain": new Blob([plain], { type: "text/plain" }),
    })]);
    tell("Tabellen är kopierad: klistra in i ett mejl eller i Excel.");
  } catch {
    const area = document.createElement("textarea");
    area.value = plain;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    tell("Tabellen är kopierad som text.");
  }
}

function render({ model, el }) {
  const box = document.createElement("div");
  const bar = document.createElement("div");
  const live = document.createElement("span");
  const bad = document.createElement("p");
  const search = document.createElement("input");
  let sorted = null;
  el.classList.add("planbok-rows");
  bar.className = "planbok-tools";
  live.setAttribute("role", "status");
  bad.setAttribute("role", "alert");
  bad.className = "planbok-note-bad";
  search.type = "search";
  search.placeholder = "Sök i tabellen";
  search.setAttribute("aria-label", "Sök i tabellen");
  const tell = (text) => { live.textContent = text; setTimeout(() => { live.textContent = ""; }, 6000); };

  const body = () => box.querySelector("tbody");
  const filter = () => {
    const wanted = search.value.trim().toLowerCase();
    for (const row of body()?.rows ?? []) {
      row.hidden = Boolean(wanted) && !row.classList.contains("total")
        && !row.textContent.replace(BLANKS, " ").toLowerCase().includes(wanted);
    }
  };
  const sort = () => {
    const heads = [...box.querySelectorAll("thead th")];
    heads.forEach((head, place) => head.setAttribute("aria-sort",
      sorted && sorted.place === place ? (sorted.down ? "descending" : "ascending") : "none"));
    if (!sorted || !body()) return;
    const rows = [...body().rows];
    const last = rows.filter((row) => row.classList.contains("total"));
    const others = rows.filter((row) => !row.classList.contains("total")).sort(compare(sorted.place, sorted.down));
    body().append(...others, ...last);
  };
  const name = (row) => row.cells[0].textContent.replace(BLANKS, " ").trim();
  const noting = () => {
    const open = el.classList.contains("noting");
    box.querySelectorAll(".planbok-note-cell").forEach((cell) => cell.remove());
    if (!open || !body()) return;
    const notes = model.get("notes");
    for (const row of box.querySelectorAll("thead tr")) {
      const head = document.createElement("th");
      head.className = "planbok-note-cell";
      head.textContent = "Anteckning";
      row.append(head);
    }
    for (const row of body().rows) {
      const cell = document.createElement("td");
      const field = document.createElement("input");
      cell.className = "planbok-note-cell";
      field.type = "text";
      field.maxLength = 200;
      field.value = notes[name(row)] || "";
      field.setAttribute("aria-label", `Anteckning vid ${name(row)}. Skriv aldrig om en enskild person.`);
      field.addEventListener("change", () => {
        const next = { ...model.get("notes") };
        if (field.value.trim()) next[name(row)] = field.value.trim(); else delete next[name(row)];
        model.set("notes", next);
        model.save_changes();
      });
      cell.append(field);
      row.append(cell);
    }
  };
  const headings = () => {
    [...box.querySelectorAll("thead th")].forEach((head, place) => {
      const text = head.textContent;
      const one = button("", `Sortera efter ${text}`, () => {
        const down = sorted && sorted.place === place ? !sorted.down : head.classList.contains("num");
        sorted = sorted && sorted.place === place && sorted.turned ? null : { place, down, turned: Boolean(sorted && sorted.place === place) };
        if (sorted) { sort(); filter(); } else show();
      });
      one.append(...head.childNodes);
      head.append(one);
    });
  };
  const asking = (cell) => {
    const one = button("", "", () => model.send({ from: cell.dataset.from }));
    one.className = "planbok-number";
    one.title = "Varifrån kommer talet?";
    one.append(...cell.childNodes);
    cell.append(one);
  };
  const show = () => {
    const field = document.activeElement;
    const writing = field && box.contains(field) ? field.getAttribute("aria-label") : "";
    const asked = field && box.contains(field) ? field.closest("td[data-from]")?.dataset.from : "";
    box.innerHTML = model.get("value");
    box.querySelectorAll("td[data-from]").forEach(asking);
    headings();
    sort();
    noting();
    filter();
    if (writing) [...box.querySelectorAll("input, button")].find((it) => it.getAttribute("aria-label") === writing)?.focus();
    if (asked) box.querySelector(`td[data-from="${asked}"] button`)?.focus();
  };
  search.addEventListener("input", filter);
  bar.append(search, button("Kopiera tabellen", "Kopiera tabellen till ett mejl eller till Excel",
    () => toClipboard(box.querySelector("table"), tell)));
  if (model.get("noted")) {
    const notes = button("Anteckna", "Anteckna bredvid en rad", () => {
      const open = el.classList.toggle("noting");
      notes.setAttribute("aria-pressed", String(open));
      noting();
    });
    notes.setAttribute("aria-pressed", "false");
    bar.append(notes);
    if (Object.keys(model.get("notes")).length) notes.click();
    model.on("change:notes", () => {
      if (Object.keys(model.get("notes")).length && !el.classList.contains("noting")) notes.click(); else noting();
    });
  }
  bar.append(live);
  model.on("change:value", show);
  model.on("change:problem", () => { bad.textContent = model.get("problem"); });
  el.append(box, bad, bar);
  show();
}

export default { render };
