import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { DocumentChanged } from '../src/api/bindings';
import { Api } from '../src/api/call';
import { OpenDocument } from '../src/editor/document.svelte';
import { FakeHost, refuse } from '../src/host/fake';
import { answers } from '../dev/answers';
import { button, open } from './stage';

const editor = (file: string) => page.getByRole('textbox', { name: file, exact: true });

test('what is typed crosses as edits that name the version, never as the text', async () => {
  const host = await open('#/scripts/weather.bubble:1:1');
  await expect.element(editor('weather.bubble')).toHaveFocus();
  await userEvent.keyboard('a');
  await expect.poll(() => host.requests('document_change').length).toBe(1);
  await userEvent.keyboard('b');
  await expect.poll(() => host.requests('document_change')).toEqual([
    { document: 'weather.bubble', version: 1, edits: [{ from: 0, to: 0, insert: 'a' }] },
    { document: 'weather.bubble', version: 2, edits: [{ from: 1, to: 1, insert: 'b' }] },
  ]);
});

test('one change is under way at a time; what is typed meanwhile is sent as one', async () => {
  const table = answers();
  let go = () => {};
  const gate = new Promise<void>((resolve) => (go = resolve));
  const change = table.document_change;
  const host = await open('#/scripts/weather.bubble:1:1', {}, { ...table, document_change: async (request) => { await gate; return change!(request); } });
  await expect.element(editor('weather.bubble')).toHaveFocus();
  await userEvent.keyboard('abc');
  expect(host.requests('document_change').length).toBe(1);
  go();
  await expect.poll(() => host.requests('document_change').at(-1)).toEqual({ document: 'weather.bubble', version: 2, edits: [{ from: 1, to: 1, insert: 'bc' }] });
});

test('problems show in the list, under the text and in the gutter; F8 goes to them', async () => {
  await open('#/scripts/login.bubble');
  const list = page.getByRole('region', { name: 'Problems in login.bubble' });
  await expect.element(list).toHaveTextContent('22:39');
  await expect.element(list).toHaveTextContent('No integration has the alias myapi_keys.');
  await expect.poll(() => document.querySelector('.cm-lintRange-error')?.textContent).toBe('myapi_keys');
  expect(document.querySelectorAll('.cm-mark').length).toBeGreaterThan(0);
  await editor('login.bubble').click();
  await userEvent.keyboard('{Control>}{Home}{/Control}{F8}');
  await expect.element(page.getByRole('contentinfo', { name: 'Status' })).toHaveTextContent('Ln 22, Col 49');
});

test('colours are the engine’s tokens', async () => {
  await open('#/scripts/weather.bubble');
  await expect.poll(() => document.querySelector('.cm-line .tk-keyword')?.textContent).toBe('dialog');
  expect(document.querySelector('.cm-line .tk-function')?.textContent).toBe('get_access_token');
});

test('jacks of entries stand in the gutter of a manifest', async () => {
  await open('#/scripts/integrations.yaml');
  await expect.poll(() => document.querySelectorAll('.cm-jack svg').length).toBeGreaterThan(3);
});

test('Ctrl+S saves what is dirty, and the pip goes', async () => {
  const host = await open('#/scripts/weather.bubble:1:1');
  await expect.element(editor('weather.bubble')).toHaveFocus();
  await expect.element(button('Save')).toBeDisabled();
  await userEvent.keyboard('x');
  await expect.element(button('Save')).toBeEnabled();
  await userEvent.keyboard('{Control>}s{/Control}');
  await expect.poll(() => host.requests('document_save')).toEqual([{ document: 'weather.bubble', overwrite: false }]);
  await expect.element(button('Save')).toBeDisabled();
});

test('a file that changed underneath: keep writes over it, reload takes it', async () => {
  const table = answers();
  const save = table.document_save;
  const host = await open('#/scripts/weather.bubble:1:1', {}, {
    ...table,
    document_save: (request) => {
      if (!request.overwrite) throw refuse('conflict', 'The file changed underneath.', 'Reload or keep.');
      return save!(request);
    },
  });
  await expect.element(editor('weather.bubble')).toHaveFocus();
  await userEvent.keyboard('x{Control>}s{/Control}');
  await expect.element(page.getByText('The file on disk is newer than this text.')).toBeVisible();
  await button('Keep this text').click();
  await expect.poll(() => host.requests('document_save').at(-1)).toEqual({ document: 'weather.bubble', overwrite: true });
  await expect.element(page.getByText('The file on disk is newer than this text.')).not.toBeInTheDocument();
  await editor('weather.bubble').click();
  await userEvent.keyboard('y{Control>}s{/Control}');
  await button('Reload from disk').click();
  await expect.poll(() => host.requests('document_reload').length).toBe(1);
});

test('Esc then Tab leaves the editor, Tab alone indents', async () => {
  const host = await open('#/scripts/weather.bubble:1:1');
  await expect.element(editor('weather.bubble')).toHaveFocus();
  await userEvent.keyboard('{Tab}');
  await expect.poll(() => host.requests('document_change').length).toBe(1);
  await userEvent.keyboard('{Escape}{Tab}');
  await expect.element(editor('weather.bubble')).not.toHaveFocus();
});

test('undo outlives a look at another screen; closing a dirty file asks', async () => {
  const host = await open('#/scripts/weather.bubble:1:1');
  await expect.element(editor('weather.bubble')).toHaveFocus();
  await userEvent.keyboard('zz');
  await expect.poll(() => host.requests('document_change').length).toBeGreaterThan(0);
  location.hash = '#/secrets';
  await expect.element(page.getByRole('heading', { name: 'Secrets', level: 1 })).toBeVisible();
  location.hash = '#/scripts/weather.bubble';
  await expect.element(editor('weather.bubble')).toHaveTextContent(/^zzdialog/);
  await button('Close weather.bubble').click();
  await expect.element(page.getByRole('alertdialog')).toBeVisible();
  await expect.element(button('Cancel')).toHaveFocus();
  await button('Close without saving').click();
  await expect.poll(() => host.requests('document_close').length).toBe(1);
});

/** A document without a view, for what only the engine sees. */
async function documentOf(text: string, change: (request: { version: number }) => DocumentChanged) {
  const host = new FakeHost({
    document_open: ({ file }) => ({ document: 'd', file, version: 1, text, readOnly: false, dirty: false, problems: [], tokens: [] }),
    document_change: change,
  });
  const opened = await OpenDocument.open(new Api(host), 'b', 'main.bubble');
  const place = document.createElement('div');
  document.body.append(place);
  const detach = opened.attach(place);
  opened.focus();
  return { host, opened, done: () => { detach(); place.remove(); } };
}
const answer = (version: number): DocumentChanged => ({ version, dirty: true, edits: [], conflict: false, problems: [], tokens: [], tokensFrom: 0, tokensTo: 0 });

test('news from disk is merged under what was typed, whichever came first', async () => {
  let inEngine = 1;
  const { host, opened, done } = await documentOf('one\r\ntwo\r\n', ({ version }) => {
    if (version !== inEngine) throw refuse('conflict', 'Another version.');
    return answer(++inEngine);
  });
  // The engine has read another program's change before the key stroke reaches it.
  inEngine = 2;
  opened.goTo(1, 4);
  await userEvent.keyboard('!');
  host.send({ type: 'documentChanged', document: 'd', change: { ...answer(2), edits: [{ from: 5, to: 8, insert: 'TWO' }] } });
  await expect.poll(() => opened.text).toBe('one!\r\nTWO\r\n');
  await expect.poll(() => host.requests('document_change').at(-1)).toEqual({ document: 'd', version: 2, edits: [{ from: 3, to: 3, insert: '!' }] });
  expect(inEngine).toBe(3);
  done();
});

test('a new line in a file with CRLF is CRLF, and offsets count it', async () => {
  let inEngine = 1;
  const { host, opened, done } = await documentOf('one\r\ntwo', () => answer(++inEngine));
  opened.goTo(2, 4);
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => host.requests('document_change')).toEqual([{ document: 'd', version: 1, edits: [{ from: 8, to: 8, insert: '\r\n' }] }]);
  expect(opened.text).toBe('one\r\ntwo\r\n');
  done();
});

test('a change that cannot be sent is kept and sent with the next', async () => {
  let broken = true;
  let inEngine = 1;
  const { host, opened, done } = await documentOf('', () => {
    if (broken) throw refuse('internal', 'Broken.', '');
    return answer(++inEngine);
  });
  await userEvent.keyboard('a');
  await expect.poll(() => opened.failure?.message).toBe('Broken.');
  broken = false;
  await userEvent.keyboard('b');
  await expect.poll(() => host.requests('document_change').at(-1)).toEqual({ document: 'd', version: 1, edits: [{ from: 0, to: 0, insert: 'ab' }] });
  await expect.poll(() => opened.failure).toBeUndefined();
  done();
});
