// Hears where numbers are asked for anywhere in the notebook.
// Keys pressed on a control are the control's: JupyterLab would else move between cells, or cut one, on the same key.
function render({ model, el }) {
  const guard = (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
  };
  const find = () => {
    if (!el.isConnected) return requestAnimationFrame(find);
    const around = el.closest(".jp-OutputArea-output, .jp-OutputArea-child") || el.parentElement;
    around.addEventListener("keydown", guard);
    const book = el.closest(".jp-Notebook") || document.body;
    const ask = (came) => model.send({ from: came });
    const hear = (event) => {
      event.preventDefault();
      ask(event.detail);
    };
    book.addEventListener("planbok:from", hear);
    stop.push(() => book.removeEventListener("planbok:from", hear));
    if (book.dataset.planbokFrom) ask(book.dataset.planbokFrom);
    delete book.dataset.planbokFrom;
  };
  const stop = [];
  el.style.display = "none";
  requestAnimationFrame(find);
  return () => stop.forEach((end) => end());
}

export default { render };
