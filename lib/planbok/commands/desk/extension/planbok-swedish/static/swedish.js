// What JupyterLab says without asking for a translation: names for screen readers, and a dialog. Written by hand.
(() => {
  const SWEDISH = new Map(Object.entries({
    'main area toolbar': 'verktygsfält',
    'main area content': 'innehåll',
    'side panel content': 'sidofältets innehåll',
    'More commands': 'Fler kommandon',
    'Responsive popup toolbar': 'Verktyg som inte får plats',
    'Cell toolbar': 'Cellens verktygsfält',
    'Markdown Cell Content': 'Cell med text',
    'Code Cell Content': 'Cell med kod',
    'Code Cell Content with Output': 'Cell med kod och resultat',
    'Raw Cell Content': 'Cell med råtext',
    '/path/relative/to/jlab/root': 'mapp/fil',
    'Skip to main panel': 'Gå till innehållet',
    'Save File As…': 'Spara som …',
    'Save': 'Spara',
    'Ok': 'OK',
    'Kernel Restarting': 'Kärnan startar om',
  }));
  const DIED = 'The kernel for (.*) appears to have died\\. It will restart automatically\\.';
  const RESTARTS = 'Kärnan för $1 avslutades oväntat. Den startar om av sig själv, och svaret räknas om. '
    + 'Det som inte är sparat på reglagen får ställas in igen.';
  const PATTERNS = [
    [/^(.*) Section$/, '$1'],
    [/^(.*\S) , sedan (.*)$/, '$1, sedan $2'], // JupyterLab takes the dots off the first part, not the blank before
    [/^([^]*)\nnotebook\n([^]*)$/, '$1\nanteckningsbok\n$2'],
    [/^\d+ cells? hidden$/, 'Visa det som är hopfällt'],
    [/^No Kernel\b/, 'Ingen kärna'],
    [new RegExp(`^${DIED}$`), RESTARTS],
    [new RegExp(`^Kernel Restarting ${DIED}$`), `Kärnan startar om. ${RESTARTS}`],
  ];
  const ATTRIBUTES = ['aria-label', 'title', 'placeholder'];
  const WITH_TEXT = [
    '.jp-skiplink *', '.jp-Dialog-content *', '.jp-showHiddenCellsButton', '.jp-showHiddenCellsButton *',
    '.lm-Menu-itemLabel', '.lm-CommandPalette-itemLabel', '.jp-StatusBar-TextItem',
  ].join();

  const swedish = said => {
    const found = PATTERNS.find(([pattern]) => pattern.test(said));
    return SWEDISH.get(said) ?? (found && said.replace(...found));
  };

  const name = element => {
    for (const attribute of ATTRIBUTES) {
      const said = element.getAttribute(attribute);
      const found = said && swedish(said);
      if (found) element.setAttribute(attribute, found);
    }
    if (element.matches(WITH_TEXT)) {
      for (const node of element.childNodes) {
        const found = node.nodeType === Node.TEXT_NODE && swedish(node.data);
        if (found) node.data = found;
      }
    }
  };

  const look = node => {
    const root = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    if (!root || root.nodeType !== Node.ELEMENT_NODE || root.closest('.jp-OutputArea, .cm-editor')) return;
    name(root);
    root.querySelectorAll(`${ATTRIBUTES.map(a => `[${a}]`).join()}, ${WITH_TEXT}`).forEach(name);
  };

  const plugin = {
    id: 'planbok-swedish:rest',
    description: 'Says in Swedish what no language pack reaches.',
    autoStart: true,
    activate: app => {
      app.restored.then(() => {
        if (!document.documentElement.lang.startsWith('sv')) return;
        new MutationObserver(changes => {
          for (const { type, target, addedNodes } of changes) {
            if (type !== 'childList') look(target);
            else addedNodes.forEach(look);
          }
        }).observe(document.body, {
          subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES,
        });
        look(document.body);
      });
    },
  };

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB['planbok-swedish'] = {
    init: () => {},
    get: async () => () => ({ __esModule: true, default: plugin }),
  };
})();
