// A labelled slider with a box to type in, its unit, and a line below for what is wrong with what was typed.
function element(tag, attributes = {}, text = "") {
  const made = document.createElement(tag);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  made.textContent = text;
  return made;
}

function render({ model, el }) {
  const id = `planbok-dial-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;
  const unit = model.get("unit");
  const label = element("label", { for: id }, `${model.get("label")} (${unit})`);
  const ends = { min: model.get("low"), max: model.get("high"), step: model.get("step") };
  const slider = element("input", { id, type: "range", "aria-describedby": `${id}-note`, ...ends });
  const box = element("input", { type: "text", inputmode: "decimal", autocomplete: "off" });
  box.setAttribute("aria-label", `${model.get("label")}, skriv ett tal i ${unit}`);
  box.setAttribute("aria-describedby", `${id}-note`);
  const note = element("p", { id: `${id}-note`, role: "alert", class: "planbok-note-bad" });
  el.classList.add("planbok-dial");
  el.append(label, slider, box, note);

  const written = (value) =>
    value.toLocaleString("sv-SE", { minimumFractionDigits: model.get("decimals"), maximumFractionDigits: 6 });
  const showValue = () => {
    slider.value = model.get("value");
    box.value = written(model.get("value"));
    slider.setAttribute("aria-valuetext", `${box.value} ${unit}`);
  };
  const showProblem = () => {
    note.textContent = model.get("problem");
    box.setAttribute("aria-invalid", String(Boolean(note.textContent)));
  };
  const send = () => model.send({ typed: box.value });
  slider.addEventListener("input", () => {
    model.set("problem", "");
    model.set("value", Number(slider.value));
    model.save_changes();
    showValue();
  });
  box.addEventListener("change", send);
  model.on("change:value", showValue);
  model.on("change:problem", showProblem);
  showValue();
  showProblem();
}

export default { render };
