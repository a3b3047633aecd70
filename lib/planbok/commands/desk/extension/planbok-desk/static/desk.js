// JupyterLab's side of the desk, as a prebuilt extension written by hand: no build step, nothing fetched.
// A copy (metadata.planbok.desk) has its live cells run when it opens and when its kernel is new; the bar at its top
// sends `planbok:run` with the parameters cell's new text, and the cells below are run in the same kernel.
(() => {
  let shared;
  const here = document.currentScript.src;

  const module = async name => {
    const versions = Object.values(shared[name]);
    return (await versions.at(-1).get())();
  };

  const codeCells = notebook => notebook.widgets.filter(cell => cell.model.type === 'code');
  const mark = cell => cell.model.getMetadata('planbok');
  const isParameters = cell => (cell.model.getMetadata('tags') || []).includes('parameters');
  const isLabOnly = cell => (cell.model.getMetadata('tags') || []).includes('lab-only');
  const error = cell => {
    const outputs = cell.model.outputs;
    for (let i = 0; i < outputs.length; i++) if (outputs.get(i).type === 'error') return outputs.get(i).toJSON();
    return null;
  };

  // What JupyterLab says of a folded section without asking the language for it.
  const inSwedish = node => {
    const at = node instanceof Element ? node : node.parentElement;
    const near = at?.closest('.jp-showHiddenCellsButton');
    for (const button of [...(near ? [near] : []), ...(at?.querySelectorAll('.jp-showHiddenCellsButton') || [])]) {
      const texts = document.createTreeWalker(button, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        if (/cells? hidden/.test(texts.currentNode.data)) texts.currentNode.data = 'Visa det som är hopfällt';
      }
    }
  };

  // A number as a button that asks where it comes from. The dials' output hears it (explore/static/keys.js); before it
  // is there, the question waits for it.
  const asks = (node, place, detail) => {
    const one = document.createElement('button');
    Object.assign(one, { type: 'button', className: 'planbok-number', title: 'Varifrån kommer talet?' });
    one.append(...place.childNodes);
    place.append(one);
    one.addEventListener('keydown', event => event.stopPropagation());
    one.addEventListener('click', () => {
      const heard = !node.dispatchEvent(new CustomEvent('planbok:from', { detail, cancelable: true }));
      if (!heard) node.dataset.planbokFrom = detail;
    });
  };

  // The key figures of the first screen, and the totals of the report's tables, which are known by their captions.
  const asking = node => {
    for (const place of node.querySelectorAll('.planbok-first dd[class^="tal-"]:not(:has(button))')) {
      asks(node, place, `overst ${place.className.slice('tal-'.length)}`);
    }
    for (const place of node.querySelectorAll('.planbok-table tr.total td[data-v]:not(:has(button))')) {
      const title = place.closest('table').caption?.textContent;
      if (title && !place.closest('.planbok-rows')) asks(node, place, `overst tabell:${title}`);
    }
  };

  // The tab says the notebook's title. JupyterLab would rename the file to what its tab is called: that is taken away.
  const named = panel => {
    const title = panel.content.widgets[0]?.model.sharedModel.getSource().match(/^# (.+)/)?.[1];
    if (!title || !panel._onTitleChanged) return;
    panel.title.changed.disconnect(panel._onTitleChanged, panel);
    panel.title.label = title.trim();
  };

  const words = found => {
    if (!found) return 'Beräkningen avbröts. Välj Räkna om.';
    const said = found.evalue.startsWith('FEL I ') ? found.evalue : `Det gick inte att räkna (${found.ename}: ${found.evalue}).`;
    return `${said}\nInget svar visas förrän det är rättat. Välj sedan Räkna om.`;
  };

  class Desk {
    constructor(panel, actions) {
      this.panel = panel;
      this.actions = actions;
      this.last = Promise.resolve();
      this.ran = new Set(); // cells that the kernel as it is now has run
      panel.addClass('planbok-desk');
      for (const cell of panel.content.widgets) {
        const role = mark(cell)?.role;
        if (role) cell.addClass(`planbok-${role}`);
      }
      named(panel);
      const hasDials = panel.content.widgets.some(cell => mark(cell)?.role === 'dials');
      const look = nodes => {
        nodes.forEach(inSwedish);
        if (hasDials) asking(panel.content.node);
      };
      new MutationObserver(changes => look(changes.map(change => change.target)))
        .observe(panel.content.node, { childList: true, characterData: true, subtree: true });
      look([panel.content.node]);
      panel.node.addEventListener('planbok:run', event => this.asked(event));
      panel.sessionContext.kernelChanged.connect((_, change) => {
        this.ran.clear();
        if (change.newValue) this.live();
      });
      panel.sessionContext.statusChanged.connect((_, status) => this.status(status));
      this.live();
    }

    cells(wanted) {
      return codeCells(this.panel.content).filter(cell => mark(cell) && wanted(mark(cell), cell));
    }

    // One after the other: a choice made while cells run waits for them.
    queue(work) {
      this.last = this.last.then(work).catch(problem => console.error('planbok', problem));
      return this.last;
    }

    status(status) {
      if (status === 'autorestarting' || status === 'restarting') {
        this.lost = true;
        this.ran.clear();
      }
      if (status === 'idle' && this.lost) {
        this.lost = false;
        this.shown = '';
        this.live();
      }
    }

    live() {
      return this.queue(async () => {
        const session = this.panel.sessionContext;
        await session.ready;
        if (!session.session?.kernel || this.shown === session.session.kernel.id) return;
        const isFirst = this.shown === undefined;
        this.shown = session.session.kernel.id;
        if (!isFirst) await this.settled();
        for (const cell of this.cells((found, its) => found.live && !this.ran.has(its))) {
          if (isFirst && !isLabOnly(cell) && (await this.quietly(cell))) continue;
          if (!(await this.run([cell]))) break;
        }
        await this.panel.context.save();
      });
    }

    // Where cells have been asked for with the restart, waits for them: what they have drawn is not drawn again.
    async settled() {
      await new Promise(later => setTimeout(later, 500));
      const kernel = this.panel.sessionContext.session?.kernel;
      await kernel?.requestExecute({ code: '', silent: true, stop_on_error: false }).done;
    }

    // Gives the kernel what a cell makes, and leaves what the cell shows: a copy that opens has been made of what there
    // is now, and its answer is to stand while the kernel reads. False where the cell failed: then it is run to say why.
    async quietly(cell) {
      const code = cell.model.sharedModel.getSource();
      const future = this.panel.sessionContext.session.kernel.requestExecute({ code, store_history: false });
      return (await future.done).content.status === 'ok';
    }

    // Runs cells until one fails; whether all went well.
    async run(cells) {
      for (const cell of cells) {
        if (!(await this.actions.runCells(this.panel.content, [cell], this.panel.sessionContext))) return false;
      }
      return true;
    }

    // A cell of the copy has failed, whoever ran it: nothing below it may show figures that belong to something else.
    // What is wrong stands in the bar, where it was chosen; without a bar it stays where it happened.
    failed(cell) {
      const cells = this.cells(() => true);
      if (!cells.includes(cell)) return;
      const found = error(cell);
      const bar = this.panel.node.querySelector('.planbok-bar');
      const below = cells.slice(cells.indexOf(cell) + (bar && found ? 0 : 1));
      for (const other of below) if (!other.node.contains(bar)) other.model.clearExecution();
      if (bar) bar.dispatchEvent(new CustomEvent('planbok:said', { detail: words(found) }));
    }

    asked(event) {
      event.preventDefault();
      const { source, done } = event.detail;
      this.queue(async () => {
        const parameters = codeCells(this.panel.content).find(isParameters);
        if (source && parameters) parameters.model.sharedModel.setSource(source);
        const bar = event.target;
        if (await this.run(this.cells((_, cell) => !cell.node.contains(bar)))) done();
        await this.panel.context.save();
      });
    }
  }

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB['planbok-desk'] = {
    init: scope => { shared = scope; },
    get: async () => {
      const { INotebookTracker, NotebookActions } = await module('@jupyterlab/notebook');
      const desks = new Map();
      const open = async panel => {
        await panel.context.ready;
        await panel.revealed;
        if (!panel.content.model?.getMetadata('planbok')?.desk) return;
        desks.set(panel.content, new Desk(panel, NotebookActions));
        panel.disposed.connect(() => desks.delete(panel.content));
      };
      NotebookActions.executed.connect((_, { notebook, cell, success }) => {
        const desk = desks.get(notebook);
        if (success) desk?.ran.add(cell);
        else desk?.failed(cell);
      });
      const plugin = {
        id: 'planbok-desk:copies',
        description: 'Fills in planbok\'s notebooks when they open.',
        autoStart: true,
        requires: [INotebookTracker],
        activate: (app, tracker) => {
          const style = document.createElement('link');
          Object.assign(style, { rel: 'stylesheet', href: here.replace(/\.js.*$/, '.css') });
          document.head.append(style);
          tracker.forEach(open);
          tracker.widgetAdded.connect((_, panel) => open(panel));
        },
      };
      return () => ({ __esModule: true, default: plugin });
    },
  };
})();
