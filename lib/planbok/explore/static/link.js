// A link to a file of the server that shows the notebook, wherever that server is.
function render({ model, el }) {
  const config = document.getElementById("jupyter-config-data");
  const base = (config && JSON.parse(config.textContent).baseUrl) || "/";
  const link = document.createElement("a");
  link.href = `${base}files/${model.get("path").split("/").map(encodeURIComponent).join("/")}`;
  link.className = "planbok-open";
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = model.get("text");
  el.append(link);
}

export default { render };
