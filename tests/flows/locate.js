/**
 * Finds the visible element that `wanted` means: `{ role, name | like, text, checked, in }`, as assistive technology would know it.
 * Throws when there are several and `one` is set. Both drivers run this text in the page, so that a step means the same to both.
 */
function locate(wanted, one) {
  const squeeze = (text) => text.replace(/\s+/g, ' ').trim();
  const byTag = {
    A: 'link', ARTICLE: 'article', ASIDE: 'complementary', BUTTON: 'button', DIALOG: 'dialog', FIELDSET: 'group', FOOTER: 'contentinfo', FORM: 'form',
    H1: 'heading', H2: 'heading', H3: 'heading', H4: 'heading', HEADER: 'banner', IMG: 'img', LI: 'listitem', MAIN: 'main', NAV: 'navigation', OL: 'list',
    OPTION: 'option', OUTPUT: 'status', PROGRESS: 'progressbar', SECTION: 'region', SELECT: 'combobox', TABLE: 'table', TD: 'cell', TEXTAREA: 'textbox',
    TR: 'row', UL: 'list',
  };
  const byType = { button: 'button', checkbox: 'checkbox', number: 'spinbutton', radio: 'radio', range: 'slider', reset: 'button', search: 'searchbox', submit: 'button' };
  const roleOf = (element) => {
    const given = element.getAttribute('role');
    if (given) return given.split(' ')[0];
    if (element.tagName === 'INPUT') return byType[element.type] ?? 'textbox';
    if (element.tagName === 'TH') return element.scope === 'row' ? 'rowheader' : 'columnheader';
    if (element.tagName === 'A' && !element.hasAttribute('href')) return null;
    if (element.isContentEditable && !element.parentElement?.isContentEditable) return 'textbox';
    return byTag[element.tagName] ?? null;
  };
  const isShown = (element) => {
    const style = getComputedStyle(element);
    return element.getClientRects().length > 0 && style.visibility === 'visible' && !element.closest('[aria-hidden="true"], [inert]');
  };
  const textOf = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.nodeValue;
    if (node.nodeType !== Node.ELEMENT_NODE || node.getAttribute('aria-hidden') === 'true') return '';
    const style = getComputedStyle(node);
    if (style.display === 'none' || style.visibility === 'hidden') return '';
    const label = node.getAttribute('aria-label') ?? node.getAttribute('alt');
    if (label) return label;
    const text = [...node.childNodes].map(textOf).join('');
    return style.display.startsWith('inline') ? text : ` ${text} `;
  };
  const namedByContent = ['button', 'cell', 'checkbox', 'columnheader', 'heading', 'link', 'listitem', 'menuitem', 'option', 'radio', 'row', 'rowheader', 'switch', 'tab'];
  const nameOf = (element) => {
    const labelledBy = (element.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => id && document.getElementById(id)).filter(Boolean);
    if (labelledBy.length > 0) return squeeze(labelledBy.map(textOf).join(' '));
    const label = element.getAttribute('aria-label') ?? element.getAttribute('alt');
    if (label) return squeeze(label);
    if (element.labels?.length > 0) return squeeze([...element.labels].map(textOf).join(' '));
    if (element.tagName === 'FIELDSET') return squeeze(textOf(element.querySelector('legend') ?? document.createTextNode('')));
    if (namedByContent.includes(roleOf(element))) {
      const text = squeeze([...element.childNodes].map(textOf).join(''));
      if (text) return text;
    }
    return squeeze(element.getAttribute('title') ?? element.getAttribute('placeholder') ?? '');
  };
  const holds = (element) => squeeze((['INPUT', 'TEXTAREA'].includes(element.tagName) && element.type !== 'password' ? element.value : element.textContent) ?? '').includes(wanted.text);

  const root = wanted.in ? locate(wanted.in, true) : document.body;
  if (!root) return null;
  let found = [...root.querySelectorAll('*')].filter((element) => !['SCRIPT', 'STYLE'].includes(element.tagName));
  if (wanted.role !== undefined) found = found.filter((element) => roleOf(element) === wanted.role);
  if (wanted.text !== undefined) found = found.filter(holds);
  if (wanted.name !== undefined) found = found.filter((element) => nameOf(element) === wanted.name);
  if (wanted.like !== undefined) found = found.filter((element) => nameOf(element).includes(wanted.like));
  if (wanted.checked !== undefined) found = found.filter((element) => (element.checked ?? element.getAttribute('aria-checked') === 'true') === wanted.checked);
  found = found.filter(isShown);
  // Of elements around the same text the innermost is meant.
  if (wanted.text !== undefined && wanted.role === undefined) found = found.filter((element) => !found.some((other) => other !== element && element.contains(other)));
  if (one && found.length > 1) throw new Error(`${found.length} elements are ${JSON.stringify(wanted)}`);
  return found[0] ?? null;
}
