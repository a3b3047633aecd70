// Keys pressed on a control are the control's: JupyterLab would else move between cells, or cut one, on the same key.
function render({ el }) {
  const guard = (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
  };
  const find = () => {
    if (!el.isConnected) return requestAnimationFrame(find);
    const around = el.closest(".jp-OutputArea-output, .jp-OutputArea-child") || el.parentElement;
    around.addEventListener("keydown", guard);
  };
  el.style.display = "none";
  requestAnimationFrame(find);
}

export default { render };
