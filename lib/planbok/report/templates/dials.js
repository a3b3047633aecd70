
(() => {
  // The dials of the page: the same arithmetic as planbok.case.sliders.moved, from the arrays that the run stored.
  const place = document.querySelector("details.try");
  if (!place) return;
  const data = JSON.parse(place.querySelector("script.dials-data").textContent);
  const form = place.querySelector("form"), said = place.querySelector(".tried"), body = place.querySelector("tbody");
  const start = Object.fromEntries(data.reglage.map((dial) => [dial.id, dial.start]));
  let at = { ...start };

  const valueAt = (points, x) => {
    let i = points.findIndex((point) => point[0] > x);
    if (i < 0) return points[points.length - 1][1];
    if (i === 0) return points[0][1];
    const [x0, y0] = points[i - 1], [x1, y1] = points[i];
    return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
  };

  const moved = (where) => {
    const terms = {};
    for (const dial of data.reglage)
      for (const [key, list] of Object.entries(dial.verkar_pa))
        for (const { term, punkter } of list)
          ((terms[key] ||= {})[term] ||= []).push([valueAt(punkter, where[dial.id]), valueAt(punkter, dial.start)]);
    const found = {};
    for (const [key, of] of Object.entries(terms)) {
      let change = 0;
      for (const parts of Object.values(of)) {
        const product = (n) => parts.reduce((so, part) => so * part[n], 1);
        change += product(0) - product(1);
      }
      const floor = data.golv[key];
      found[key] = floor ? Math.max(floor.utan + change, floor.minst) - Math.max(floor.utan, floor.minst) : change;
    }
    return found;
  };

  const decimals = { mnkr: 2, kr: 0, procent: 1, "%": 1 };
  const number = (value, digits, signed) => {
    const text = new Intl.NumberFormat("sv-SE", { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(Math.abs(value));
    const zero = !/[1-9]/.test(text);
    return (zero ? "" : value < 0 ? "\u2212" : signed ? "+" : "") + text;
  };
  const shown = (key, value, signed) => {
    const { mattenhet } = data.nyckeltal[key];
    return number(value, decimals[mattenhet] ?? 1, signed) + "\u00a0" + (mattenhet === "procent" ? "%" : mattenhet);
  };
  const word = (dial, value) => (dial.namn ? dial.namn[String(value)] || "" : number(value, dial.steg < 1 ? 1 : 0));

  const rows = {};
  for (const [key, figure] of Object.entries(data.nyckeltal)) {
    const row = body.insertRow();
    const head = document.createElement("th");
    head.scope = "row";
    head.textContent = figure.etikett;
    row.append(head);
    rows[key] = [0, 1, 2].map(() => {
      const cell = row.insertCell();
      cell.className = "num";
      return cell;
    });
  }

  const inputs = {};
  for (const dial of data.reglage) {
    const label = document.createElement("label"), name = document.createElement("span");
    name.textContent = dial.etikett + (dial.mattenhet ? " (" + dial.mattenhet + ")" : "");
    const slide = document.createElement("input"), output = document.createElement("output");
    Object.assign(slide, { type: "range", min: dial.min, max: dial.max, step: dial.steg, value: dial.start });
    slide.id = "reglage-" + dial.id;
    label.htmlFor = slide.id;
    output.htmlFor = slide.id;
    slide.addEventListener("input", () => turn(dial.id, Number(slide.value)));
    label.append(name, slide, output);
    form.append(label);
    inputs[dial.id] = [slide, output, dial];
  }

  const show = () => {
    const change = moved(at);
    for (const [key, figure] of Object.entries(data.nyckeltal)) {
      const value = figure.varde + (change[key] || 0);
      const texts = [shown(key, figure.varde), shown(key, value), shown(key, change[key] || 0, true)];
      rows[key].forEach((cell, i) => (cell.textContent = texts[i]));
      rows[key][1].dataset.value = String(value);
    }
    for (const [slide, output, dial] of Object.values(inputs)) {
      slide.value = at[dial.id];
      output.textContent = word(dial, at[dial.id]);
      slide.setAttribute("aria-valuetext", output.textContent + (dial.mattenhet ? " " + dial.mattenhet : ""));
    }
    const moves = data.reglage.some((dial) => at[dial.id] !== dial.start);
    said.textContent = moves
      ? data.mening.replace(/\{(\w+)\}/g, (_, key) => shown(key, data.nyckeltal[key].varde + (change[key] || 0)))
      : "Reglagen står som i rapporten.";
    place.classList.toggle("turned", moves);
  };

  const turn = (id, value) => {
    at[id] = value;
    show();
  };

  // The setting in the address, so that a mail can say "see here".
  const read = () => {
    if (!location.hash.startsWith("#prov?")) return;
    for (const [id, value] of new URLSearchParams(location.hash.slice(6)))
      if (inputs[id] && Number.isFinite(Number(value))) {
        const dial = inputs[id][2];
        at[id] = Math.min(dial.max, Math.max(dial.min, Number(value)));
      }
    place.open = true;
    place.scrollIntoView();
    show();
  };
  const link = () => {
    const parts = data.reglage.filter((dial) => at[dial.id] !== dial.start).map((dial) => dial.id + "=" + at[dial.id]);
    return location.href.split("#")[0] + "#prov?" + parts.join("&");
  };
  const scenario = () => {
    const written = (dial) => (dial.skrivs && dial.skrivs[String(at[dial.id])]) || String(at[dial.id]);
    const by = Object.fromEntries(data.reglage.map((dial) => [dial.id, written(dial)]));
    const changes = data.reglage.filter((dial) => dial.andring && at[dial.id] !== dial.start);
    const text = (value) => {
      const filled = value.replace(/\{(\w+)\}/g, (_, id) => by[id]);
      return filled === value ? JSON.stringify(value) : filled;  // names may hold what YAML reads otherwise
    };
    const lines = changes.map((dial) =>
      Object.entries(dial.andring).map(([key, value], i) => (i ? "    " : "  - ") + key + ": " + text(value)).join("\n"));
    const head = ["titel: Prövat i rapporten", "fraga: " + JSON.stringify("Vad händer då? (" + data.titel + ")")];
    return [...head, lines.length ? "forandringar:" : "forandringar: []", ...lines].join("\n") + "\n";
  };
  const button = (text, act) => {
    const one = document.createElement("button");
    one.type = "button";
    one.textContent = text;
    one.addEventListener("click", act);
    return one;
  };
  const heard = document.getElementById("sagt");
  const tools = document.createElement("p");
  tools.className = "tools";
  tools.append(
    button("Som i rapporten", () => { at = { ...start }; show(); }),
    button("Kopiera länk till provet", async () => {
      try { await navigator.clipboard.writeText(link()); } catch { location.hash = link().split("#")[1]; }
      if (heard) heard.textContent = "Länken är kopierad";
    }),
    button("Hämta som scenario", () => {
      const file = document.createElement("a");
      file.href = URL.createObjectURL(new Blob([scenario()], { type: "text/yaml;charset=utf-8" }));
      file.download = "prov.yaml";
      file.click();
      setTimeout(() => URL.revokeObjectURL(file.href), 10000);
    }),
  );
  said.after(tools);
  place.hidden = false;
  const jump = document.querySelector(".try-link");
  if (jump) jump.hidden = false;
  addEventListener("hashchange", read);
  show();
  read();
  place.moved = moved;
})();
