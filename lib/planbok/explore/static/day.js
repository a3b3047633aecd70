// A day: typed as 2024-03-31, stepped with the arrow keys, or picked in a calendar.
function element(tag, attributes = {}, text = "") {
  const made = document.createElement(tag);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  made.textContent = text;
  return made;
}

function stepped(iso, days) {
  const day = new Date(`${iso}T12:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}

function render({ model, el }) {
  const id = `planbok-day-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;
  const label = element("label", { for: id }, model.get("description"));
  const hint = { "aria-describedby": `${id}-note`, placeholder: "ÅÅÅÅ-MM-DD", autocomplete: "off", maxlength: "10" };
  const box = element("input", { id, type: "text", ...hint });
  const calendar = element("input", { type: "date", tabindex: "-1", "aria-hidden": "true", lang: "sv-SE" });
  const open = element("button", { type: "button", "aria-label": `${model.get("description")}: välj i kalender`, title: "Välj i kalender" }, "▾");
  const note = element("p", { id: `${id}-note`, role: "alert", class: "planbok-note-bad" });
  const place = element("span", { class: "planbok-day-box" });
  place.append(box, open, calendar);
  el.classList.add("planbok-day");
  el.append(label, place, note);
  const send = (text) => model.send({ typed: text });
  box.addEventListener("change", () => send(box.value));
  box.addEventListener("keydown", (event) => {
    const by = { ArrowUp: 1, ArrowDown: -1, PageUp: 30, PageDown: -30 }[event.key];
    if (!by || !/^\d{4}-\d\d-\d\d$/.test(box.value)) return;
    event.preventDefault();
    box.value = stepped(box.value, by);
    send(box.value);
  });
  open.addEventListener("click", () => {
    calendar.value = box.value;
    try { calendar.showPicker(); } catch { box.focus(); }
  });
  calendar.addEventListener("change", () => send(calendar.value));
  const show = () => { box.value = model.get("iso"); };
  const wrong = () => {
    note.textContent = model.get("problem");
    box.setAttribute("aria-invalid", String(Boolean(note.textContent)));
  };
  model.on("change:iso", show);
  model.on("change:problem", wrong);
  show();
  wrong();
}

export default { render };
