(() => {
  const PAPER = 640; // pixels: A4 less the page's margins
  const config = { displayModeBar: false, responsive: false, scrollZoom: false, staticPlot: false };
  const drawn = [];
  let printing = false;

  const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

  const rows = (text, width) => {
    const out = [""];
    for (const word of text.split(/[ \n\t]+/)) {
      const last = out[out.length - 1];
      if (last && last.length + 1 + word.length > width) out.push(word);
      else out[out.length - 1] = last ? last + " " + word : word;
    }
    return out;
  };

  // Long names take a third of the width at most; where that makes more rows, the figure grows.
  const fit = (spec, width) => {
    const change = { width, height: spec.layout.height || 420 };
    const labels = spec.layout.meta && spec.layout.meta.labels;
    if (spec.layout.meta && spec.layout.meta.kind === "lines") {
      change["xaxis.tickangle"] = 0;
      const months = spec.data.length ? spec.data[0].x : [];
      const longest = Math.max(3, ...months.map((month) => month.length));
      change["xaxis.dtick"] = Math.max(1, Math.ceil((months.length * (longest * 7.5 + 14)) / (width - 130)));
    }
    if (!labels) return change;
    const margin = spec.layout.margin || {};
    const axis = spec.layout.xaxis || {};
    if (axis.dtick && axis.range) {
      const [low, high] = axis.range;
      const ticks = Math.floor((high - low) / axis.dtick) + 1;
      const digits = Number((axis.tickformat || "").replace(/\D/g, ""));
      const tight = ticks * (high.toFixed(digits).length * 7.5 + 12) > width * 0.6 - (margin.r || 0) * 0.5;
      change["xaxis.dtick"] = axis.dtick * (tight ? 2 : 1);
      change["xaxis.tick0"] = low <= 0 ? 0 : Math.ceil(low / axis.dtick) * axis.dtick;
    }
    const size = width < 520 ? 12.5 : 13.5;
    const wrapped = labels.map((text) => rows(text, Math.max(13, Math.min(34, Math.floor((width * 0.36) / 6.8)))));
    const row = (change.height - (margin.t || 0) - (margin.b || 72)) / labels.length;
    const needed = Math.max(...wrapped.map((lines) => lines.length)) * 17 + 10;
    change.height += Math.max(0, needed - row) * labels.length;
    change["yaxis.ticktext"] = wrapped.map((lines) => lines.map(escaped).join("<br>"));
    change["font.size"] = size;
    return change;
  };

  const draw = async (figure, stage) => {
    const canvas = figure.querySelector(".canvas");
    const spec = JSON.parse(figure.querySelector("script.figure-data").textContent);
    const gd = document.createElement("div");
    stage.append(gd);
    const width = Math.floor(canvas.clientWidth || stage.clientWidth);
    await Plotly.newPlot(gd, spec.data, { ...spec.layout, width }, config);
    await Plotly.relayout(gd, fit(spec, width));
    canvas.replaceChildren(gd);
    drawn.push({ gd, spec, canvas, width });
  };

  const resize = (one, width) => {
    if (width < 100 || width === one.width) return;
    one.width = width;
    Plotly.relayout(one.gd, fit(one.spec, width));
  };

  const unpack = async () => {
    const bytes = Uint8Array.from(atob(document.getElementById("plotly").textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const script = document.createElement("script");
    script.textContent = await new Response(stream).text();
    document.head.append(script);
  };

  const start = async () => {
    await unpack();
    const stage = document.createElement("div");
    stage.className = "stage";
    stage.setAttribute("aria-hidden", "true");
    document.querySelector("main").append(stage);
    for (const figure of document.querySelectorAll("figure.plot")) {
      try {
        await draw(figure, stage);
      } catch (error) {
        console.error("Figuren kunde inte ritas", error);
      }
    }
    stage.remove();
    const watcher = new ResizeObserver((entries) => {
      if (printing) return;
      for (const entry of entries) {
        const one = drawn.find((each) => each.canvas === entry.target);
        resize(one, Math.floor(entry.contentRect.width));
      }
    });
    for (const one of drawn) watcher.observe(one.canvas);
  };

  addEventListener("beforeprint", () => {
    printing = true;
    for (const one of drawn) resize(one, PAPER);
  });
  addEventListener("afterprint", () => {
    printing = false;
    for (const one of drawn) resize(one, Math.floor(one.canvas.clientWidth));
  });
  window.planbokReady = start().then(() => document.documentElement.setAttribute("data-figures", "ready"));
})();
