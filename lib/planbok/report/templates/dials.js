
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

  // What a grid has with the dials at a place: straight lines between its positions, one dial after the other.
  const gridAt = ({ reglage, axlar, varden }, where, n = 0) => {
    if (n === reglage.length) return varden;
    const axis = axlar[n], x = where[reglage[n]];
    const value = (i) => gridAt({ reglage, axlar, varden: varden[i] }, where, n + 1);
    if (axis.length < 2) return value(0);
    let i = axis.findIndex((position) => position > x) - 1;
    i = i === -2 ? axis.length - 2 : Math.max(i, 0);
    const share = Math.min(Math.max((x - axis[i]) / (axis[i + 1] - axis[i]), 0), 1);
    return share === 0 ? value(i) : share === 1 ? value(i + 1) : value(i) + share * (value(i + 1) - value(i));
  };

  const sums = (where, name) => {
    const terms = {}, found = {};
    for (const dial of data.reglage)
      for (const [key, list] of Object.entries(dial[name] || {}))
        for (const { term, punkter } of list)
          if (punkter)
            ((terms[key] ||= {})[term] ||= []).push([valueAt(punkter, where[dial.id]), valueAt(punkter, dial.start)]);
    for (const [key, of] of Object.entries(terms))
      for (const parts of Object.values(of)) {
        const product = (n) => parts.reduce((so, part) => so * part[n], 1);
        found[key] = (found[key] || 0) + product(0) - product(1);
      }
    return found;
  };

  const ofGrids = (found, where, drawn) => {
    for (const grid of data.rutor.filter((one) => Boolean(one.ritas) === drawn))
      found[grid.nyckeltal] = (found[grid.nyckeltal] || 0) + gridAt(grid, where) - gridAt(grid, start);
    return found;
  };

  const moved = (set) => {
    const where = { ...start, ...set }, found = sums(where, "verkar_pa");
    ofGrids(found, where, false);
    for (const [key, { utan, minst }] of Object.entries(data.golv))
      if (key in found) found[key] = Math.max(utan + found[key], minst) - Math.max(utan, minst);
    return found;
  };

  const decimals = { mnkr: 2, kr: 0, "kr/dygn": 0, "kr/manad": 0, personer: 0, procent: 1, "%": 1 };
  const units = { procent: "%", "kr/manad": "kr/månad" };
  const number = (value, digits, signed) => {
    const text = new Intl.NumberFormat("sv-SE", { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(Math.abs(value));
    const zero = !/[1-9]/.test(text);
    return (zero ? "" : value < 0 ? "\u2212" : signed ? "+" : "") + text;
  };
  // A change is exact; a figure that the report rounds is rounded here too.
  const shown = (key, value, signed) => {
    const { mattenhet, avrundat_till } = data.nyckeltal[key], rounded = avrundat_till && !signed;
    const text = number(rounded ? Math.round(value / avrundat_till) * avrundat_till : value, decimals[mattenhet] ?? 1, signed);
    return (rounded ? "cirka " : "") + text + "\u00a0" + (units[mattenhet] || mattenhet);
  };
  const word = (dial, value) => (dial.namn ? dial.namn[String(value)] || "" : number(value, dial.steg < 1 ? 1 : 0));

  // The figures' marks: a line or a bar as it would be, drawn where the figure has room.
  const svg = (name, set) => {
    const one = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(set)) one.setAttribute(key, value);
    return one;
  };
  const marks = [...document.querySelectorAll("g.moves")].map((place) => [place, JSON.parse(place.dataset.mark)]);
  const draw = (change) => {
    for (const [place, { moves, at: across, values, axis, scale, per, stairs }] of marks) {
      place.replaceChildren();
      if (!moves.some((key) => change[key])) continue;
      const [low, high, begins, ends] = scale;
      const inside = (value) => begins + ((Math.min(Math.max(value, low), high) - low) / (high - low)) * (ends - begins);
      const found = moves.map((key, i) => [across[i], values[i] + (change[key] || 0) / per]).filter((_, i) => moves[i]);
      let points = found.map(([along, value]) => [along, inside(value)]);
      if (points.length === 1) points = [[points[0][0] - 7, points[0][1]], [points[0][0] + 7, points[0][1]]];
      if (stairs) points = points.flatMap((point, i) => (i ? [[point[0], points[i - 1][1]], point] : [point]));
      const turn = ([along, value]) => (axis === "y" ? [along, value] : [value, along]);
      const last = turn(points[points.length - 1]), first = turn(points[0]);
      place.append(svg("path", { d: "M" + points.map((point) => turn(point).join(" ")).join("L") }));
      const end = found[found.length - 1][1], over = end > high ? 1 : end < low ? -1 : 0;
      const beyond = over ? " " + (axis === "y" ? "↑↓" : "→←")[over > 0 ? 0 : 1] : "";
      const text = number(end, Math.abs(high - low) > 100 ? 0 : 2) + beyond;
      const where = axis === "y" ? { x: last[0], y: last[1] + (last[1] < 24 ? 16 : -8), "text-anchor": "end" }
        : { x: first[0], y: first[1] - 3, "text-anchor": "middle" };
      const label = svg("text", { ...where, "font-size": 12 });
      label.textContent = "Provet " + text;
      place.append(label);
    }
  };

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
    if (dial.star_still) {
      const why = document.createElement("small");
      why.id = slide.id + "-still";
      why.textContent = dial.star_still;
      slide.setAttribute("aria-describedby", why.id);
      label.append(why);
    }
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
    draw({ ...ofGrids(sums(at, "ritar"), at, true), ...change });
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
  // Dials that say parts of one change of a home or a rule: what each says of it stands in that change.
  const joined = (changes) => {
    const found = [];
    for (const change of changes) {
      const same = change.typ !== "atgard" && change.boende && found.find((one) => one.boende === change.boende);
      if (same) Object.assign(same, change);
      else found.push({ ...change });
    }
    return found;
  };
  const scenario = () => {
    const written = (dial) => (dial.skrivs && dial.skrivs[String(at[dial.id])]) || String(at[dial.id]);
    const change = moved(at), ore = (value) => String(Math.round(100 * value) / 100);
    const figures = Object.entries(data.nyckeltal).map(([key, { varde }]) => [key, ore(varde + (change[key] || 0))]);
    const by = Object.fromEntries([...figures, ...data.reglage.map((dial) => [dial.id, written(dial)])]);
    const its = (dial) => (dial.andringar && dial.andringar[String(at[dial.id])]) || dial.andring;
    const changes = joined(data.reglage.filter((dial) => at[dial.id] !== dial.start).map(its).filter(Boolean));
    const text = (value) => {
      if (typeof value === "number") return String(value);
      const filled = value.replace(/\{(\w+)\}/g, (_, id) => by[id]);
      return filled === value ? JSON.stringify(value) : filled;  // names may hold what YAML reads otherwise
    };
    const lines = changes.map((change) =>
      Object.entries(change).map(([key, value], i) => (i ? "    " : "  - ") + key + ": " + text(value)).join("\n"));
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
  place.querySelector(".in-figure").hidden = !marks.length;
  const jump = document.querySelector(".try-link");
  if (jump) jump.hidden = false;
  addEventListener("hashchange", read);
  show();
  read();
  place.moved = moved;
  place.scenario = (set) => {
    at = { ...start, ...set };
    show();
    return scenario();
  };
})();
