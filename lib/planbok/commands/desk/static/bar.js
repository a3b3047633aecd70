// The bar at the top of a notebook: native controls, so that keyboard and screen readers know them.
// A choice goes to the kernel, which answers with a new `turn`; then the page is asked to run what stands below.
const WAIT = 700; // ms after the last key on a list before its choice is taken

function control(field) {
  const made = document.createElement(field.options.length ? 'select' : 'input');
  made.name = field.name;
  if (field.options.length) {
    for (const [value, name] of field.options) made.append(new Option(name, JSON.stringify(value)));
    made.value = JSON.stringify(field.value);
  } else {
    made.type = 'text';
    made.inputMode = field.number ? 'decimal' : 'text';
    made.value = field.value;
  }
  return made;
}

function read(field, made) {
  if (field.options.length) return JSON.parse(made.value);
  return field.number ? made.value.replace(/\s/g, '').replace(',', '.').replace('−', '-') : made.value.trim();
}

function render({ model, el }) {
  el.classList.add('planbok-bar');
  el.setAttribute('role', 'toolbar');
  el.setAttribute('aria-label', 'Val för anteckningsboken');
  const row = document.createElement('div');
  const more = document.createElement('details');
  const status = document.createElement('p');
  const fault = document.createElement('p');
  row.className = 'planbok-bar-row';
  more.innerHTML = '<summary>Fler val</summary><div class="planbok-bar-row"></div>';
  status.className = 'planbok-bar-status';
  status.setAttribute('role', 'status');
  fault.className = 'planbok-bar-fault';
  fault.setAttribute('role', 'alert');
  el.append(row, more, status, fault);
  const again = document.createElement('button');
  again.textContent = 'Räkna om';
  again.title = 'Läs filerna på nytt och räkna om allt nedanför';
  again.addEventListener('click', () => choose());

  let waiting = 0;
  let chosen = {};
  const choose = () => {
    clearTimeout(waiting);
    status.textContent = 'Räknar …';
    model.send({ chosen });
    chosen = {};
  };

  // New lists are built anew; where only values have changed the controls stay, with what is being typed in them.
  let drawn = '';
  const draw = () => {
    const fields = model.get('fields');
    const lists = JSON.stringify(fields.map(field => [field.name, field.options]));
    if (lists === drawn) {
      for (const field of fields) {
        const made = el.querySelector(`[name="${field.name}"]`);
        if (!(field.name in chosen)) made.value = field.options.length ? JSON.stringify(field.value) : field.value;
      }
      return;
    }
    drawn = lists;
    const focused = el.contains(document.activeElement) ? document.activeElement.name : '';
    row.replaceChildren();
    more.lastElementChild.replaceChildren();
    for (const field of fields) {
      const label = document.createElement('label');
      const made = control(field);
      label.append(field.label, made);
      if (field.hint) made.title = field.hint;
      made.addEventListener('change', () => {
        chosen[field.name] = read(field, made);
        clearTimeout(waiting);
        waiting = setTimeout(choose, WAIT);
      });
      made.addEventListener('keydown', event => event.key === 'Enter' && Object.keys(chosen).length && choose());
      (field.more ? more.lastElementChild : row).append(label);
    }
    row.append(again);
    more.hidden = !more.lastElementChild.children.length;
    if (focused) el.querySelector(`[name="${focused}"]`)?.focus();
  };

  const say = text => {
    status.textContent = '';
    fault.textContent = text;
  };

  const run = () => {
    const detail = { source: model.get('source'), done: () => say(model.get('problem')) };
    const event = new CustomEvent('planbok:run', { bubbles: true, cancelable: true, detail });
    if (el.dispatchEvent(event)) say('Kör cellerna nedanför: Kör → Kör alla celler.');
  };

  for (const kind of ['keydown', 'keyup', 'keypress']) {
    el.addEventListener(kind, event => event.ctrlKey || event.altKey || event.metaKey || event.stopPropagation());
  }
  el.addEventListener('planbok:said', event => say(event.detail));
  model.on('change:fields', draw);
  model.on('change:problem', () => say(model.get('problem')));
  model.on('change:turn', run);
  draw();
  say(model.get('problem'));
}

export default { render };
