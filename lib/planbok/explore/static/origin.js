// Folded panels of where numbers come from; the one asked for is unfolded and gone to, and Esc goes back.
function render({ model, el }) {
  const show = () => { el.innerHTML = model.get("value"); };
  const open = () => {
    const found = el.querySelector(`[id="${model.get("opened")}"]`);
    if (!found || model.handled === model.get("turn")) return;
    model.handled = model.get("turn");
    const asked = document.activeElement;
    found.open = true;
    const summary = found.querySelector("summary");
    summary.focus({ preventScroll: true });
    summary.scrollIntoView({ block: "center" });
    el.onkeydown = (event) => {
      if (event.key !== "Escape" || !asked?.isConnected) return;
      event.stopPropagation();
      asked.focus({ preventScroll: true });
      asked.scrollIntoView({ block: "center" });
    };
  };
  model.on("change:value", show);
  model.on("change:turn", open);
  show();
  requestAnimationFrame(open);
}

export default { render };
