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
  const error = cell => {
    const outputs = cell.model.outputs;
    for (let i = 0; i < outputs.length; i++) if (outputs.get(i).type === 'error') return outputs.get(i).toJSON();
    return null;
  };

  class Desk {
    constructor(panel, actions) {
      this.panel = panel;
      this.actions = actions;
      this.last = Promise.resolve();
      panel.addClass('planbok-desk');
      for (const cell of panel.content.widgets) {
        const role = mark(cell)?.role;
        if (role) cell.addClass(`planbok-${role}`);
      }
      panel.node.addEventListener('planbok:run', event => this.asked(event));
      panel.sessionContext.kernelChanged.connect((_, change) => change.newValue && this.live());
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
      if (status === 'autorestarting' || status === 'restarting') this.lost = true;
      if (status === 'idle' && this.lost) {
        this.lost = false;
        this.live();
      }
    }

    live() {
      return this.queue(async () => {
        const session = this.panel.sessionContext;
        await session.ready;
        if (!session.session?.kernel || this.shown === session.session.kernel.id) return;
        this.shown = session.session.kernel.id;
        this.say(await this.run(this.cells(found => found.live)));
      });
    }

    // Runs cells until one fails; then nothing below it shows figures that belong to something else.
    async run(cells) {
      for (const cell of cells) {
        await this.actions.runCells(this.panel.content, [cell], this.panel.sessionContext);
        const found = error(cell);
        if (!found) continue;
        this.clearBelow(cell);
        return found;
      }
      return null;
    }

    // What is wrong stands in the bar, where it was chosen; without a bar it stays where it happened.
    say(found) {
      const bar = this.panel.node.querySelector('.planbok-bar');
      if (!found || !bar) return;
      bar.dispatchEvent(new CustomEvent('planbok:said', { detail: found.evalue }));
    }

    clearBelow(failed) {
      const cells = this.cells(() => true);
      for (const cell of cells.slice(cells.indexOf(failed) + 1)) cell.model.clearExecution();
    }

    asked(event) {
      event.preventDefault();
      const { source, done } = event.detail;
      this.queue(async () => {
        const parameters = codeCells(this.panel.content).find(isParameters);
        if (source && parameters) parameters.model.sharedModel.setSource(source);
        const bar = event.target;
        const found = await this.run(this.cells((_, cell) => !cell.node.contains(bar)));
        done([]);
        this.say(found);
        await this.panel.context.save();
      });
    }
  }

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB['planbok-desk'] = {
    init: scope => { shared = scope; },
    get: async () => {
      const { INotebookTracker, NotebookActions } = await module('@jupyterlab/notebook');
      const open = async panel => {
        await panel.context.ready;
        await panel.revealed;
        if (panel.content.model?.getMetadata('planbok')?.desk) new Desk(panel, NotebookActions);
      };
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
