import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { refuse } from '../src/host/fake';
import { bot } from '../dev/bot';
import { button, link, open, press } from './stage';

test('welcome: the first recent bot has focus and Enter opens it', async () => {
  const host = await open('', { open: false });
  await expect.element(page.getByRole('button', { name: /Open Honcho Desk/ })).toHaveFocus();
  await userEvent.keyboard('{ArrowDown}');
  await expect.element(page.getByRole('button', { name: /Open Tally/ })).toHaveFocus();
  await userEvent.keyboard('{ArrowUp}{Enter}');
  await expect.element(page.getByRole('heading', { name: 'Integrations', level: 1 })).toBeVisible();
  expect(host.requests('bot_open')).toEqual([{ folder: 'f1' }]);
});

test('welcome: filter, and a missing folder can be located or removed', async () => {
  const host = await open('', { open: false });
  await page.getByLabelText('Filter recent bots').fill('museum');
  await expect.element(page.getByRole('button', { name: /Open Tally/ })).not.toBeInTheDocument();
  await page.getByLabelText('Filter recent bots').fill('nothing like it');
  await button('Clear filter').click();
  await button('Remove Old concierge from the list').click();
  host.send({ type: 'recentChanged' });
  await expect.element(page.getByText('Old concierge')).not.toBeInTheDocument();
  expect(host.requests('bots_forget')).toEqual([{ folder: 'f5' }]);
});

test('welcome: Ctrl+O opens a folder, a cancelled dialog does nothing', async () => {
  const host = await open('', { open: false }, { folder_pick: () => ({ folder: null }) });
  await press('{Control>}o{/Control}');
  await expect.poll(() => host.requests('folder_pick')).toEqual([{ purpose: 'openBot' }]);
  expect(host.requests('bot_open')).toEqual([]);
  await expect.element(page.getByRole('heading', { name: 'Patchbay' })).toBeVisible();
});

test('welcome: a new bot needs a title and a place; an example fills the title', async () => {
  const host = await open('', { open: false });
  await page.getByRole('button', { name: /Start from Show a secret/ }).click();
  await expect.element(page.getByLabelText('Title')).toHaveValue('Show a secret');
  await button('Create bot').click();
  await expect.element(page.getByText('Choose the folder in which it is made.')).toBeVisible();
  await button('Choose folder…').click();
  await expect.element(page.getByLabelText('Where')).toHaveValue('~/bots');
  await button('Create bot').click();
  expect(host.requests('bot_create')).toEqual([{ inside: 'picked', title: 'Show a secret', example: 'secret' }]);
  await expect.element(page.getByRole('heading', { name: 'Integrations', level: 1 })).toBeVisible();
});

test('a folder that cannot be opened says why on the spot', async () => {
  await open('', { open: false }, { bot_open: () => { throw refuse('unavailable', 'The folder cannot be read.', 'Check who may read it.'); } });
  await page.getByRole('button', { name: /Open Tally/ }).click();
  await expect.element(page.getByRole('alert').getByText('The folder cannot be read.')).toBeVisible();
});

test('a dropped folder is opened at once when known, else only after a yes', async () => {
  const host = await open('', { open: false });
  host.send({ type: 'folderOffered', folder: 'new', path: '~/strange', known: false });
  await expect.element(page.getByRole('alertdialog', { name: 'Open ~/strange?' })).toBeVisible();
  await expect.element(button('Cancel')).toHaveFocus();
  expect(host.requests('bot_open')).toEqual([]);
  await button('Open folder').click();
  await expect.poll(() => host.requests('bot_open')).toEqual([{ folder: 'new' }]);
});

test('integrations: every entry with its jack, groups, and every key in the detail', async () => {
  await open('#/integrations/discord1');
  const list = page.getByRole('region', { name: 'Integration list' });
  await expect.element(list.getByRole('list', { name: 'Bot', exact: true })).toBeVisible();
  expect(list.getByRole('listitem').elements().length).toBe(bot.integrations.length);
  const detail = page.getByRole('region', { name: 'discord1, Discord' });
  for (const text of ['provider', 'oauth2.flow', 'auth_code', '1180423957716004864', 'In the manifest, masked', 'https://discord.com/api/oauth2/token'])
    await expect.element(detail).toHaveTextContent(text);
  await expect.element(link('integrations.yaml:28')).toHaveAttribute('href', '#/scripts/integrations.yaml:28:1');
});

test('integrations: filter, attention, and nothing found', async () => {
  await open('#/integrations');
  const rows = () => page.getByRole('region', { name: 'Integration list' }).getByRole('listitem').elements().length;
  await page.getByLabelText('Filter integrations').fill('goog');
  await expect.poll(rows).toBe(2);
  await page.getByLabelText('Filter integrations').fill('calender');
  await expect.element(page.getByText('No integration matches “calender”')).toBeVisible();
  await button('Clear filter').click();
  await page.getByRole('button', { name: /Needs attention/ }).click();
  await expect.poll(rows).toBe(3);
});

test('integrations: one tab stop, arrows rove, Right goes to the action', async () => {
  await open('#/integrations/twilio');
  const list = page.getByRole('region', { name: 'Integration list' });
  await expect.element(list.getByRole('link', { name: /Twilio/ })).toHaveAttribute('tabindex', '0');
  expect(list.element().querySelectorAll('[data-row][tabindex="0"]').length).toBe(1);
  list.getByRole('link', { name: /Twilio/ }).element().focus();
  await userEvent.keyboard('{ArrowDown}');
  await expect.element(list.getByRole('link', { name: /bigquery/ })).toHaveFocus();
  await userEvent.keyboard('{End}{Home}');
  await expect.element(list.getByRole('link', { name: /Twilio/ })).toHaveFocus();
  list.getByRole('link', { name: /helpdesk_api_key/ }).first().element().focus();
  await userEvent.keyboard('{ArrowRight}');
  await expect.element(list.getByRole('link', { name: 'Set value of helpdesk_api_key' })).toHaveFocus();
  await userEvent.keyboard('{ArrowLeft}/');
  await expect.element(page.getByLabelText('Filter integrations')).toHaveFocus();
});

test('Set value in the list goes to Secrets and opens the dialog', async () => {
  await open('#/integrations');
  await page.getByRole('region', { name: 'Integration list' }).getByRole('link', { name: 'Set value of helpdesk_api_key' }).click();
  await expect.element(page.getByRole('dialog', { name: 'Set the value of helpdesk_api_key' })).toBeVisible();
});

test('problems: Ctrl+J lists them with their place, a click opens the file there', async () => {
  await open('#/integrations');
  await press('{Control>}j{/Control}');
  const panel = page.getByRole('region', { name: 'Problems of this bot' });
  await expect.element(panel).toHaveTextContent('integrations.yaml:13:3');
  await panel.getByRole('link', { name: /myapi_keys/ }).click();
  await expect.element(page.getByRole('contentinfo', { name: 'Status' })).toHaveTextContent('Ln 22, Col 39');
});

test('identity: each choice says what it does before it is made', async () => {
  const host = await open('#/integrations', { bot: { identity: { oldPath: '~/old', mayBeMoved: false, aliases: ['myapi_key'] } } });
  const banner = page.getByRole('region', { name: 'Identity of this folder' });
  await expect.element(banner).toHaveTextContent('every secret reads as missing');
  expect(banner.getByRole('button', { name: /Moved/ }).elements()).toEqual([]);
  await banner.getByRole('button', { name: 'Share…' }).click();
  await expect.element(page.getByRole('alertdialog')).toHaveTextContent('myapi_key');
  await button('Cancel').click();
  expect(host.requests('bot_identity')).toEqual([]);
  await banner.getByRole('button', { name: 'Copy…' }).click();
  await button('Treat as copy').click();
  expect(host.requests('bot_identity')).toEqual([{ bot: 'bot-1', choice: 'copy' }]);
  await expect.element(banner).not.toBeInTheDocument();
});

test('Ctrl+K goes to anything; Ctrl and a number go to screens', async () => {
  await open('#/integrations');
  await press('{Control>}k{/Control}');
  await userEvent.keyboard('weather_key');
  await expect.element(page.getByRole('option', { name: /weather_key/ }).first()).toBeVisible();
  await userEvent.keyboard('{Escape}{Control>}5{/Control}');
  await expect.element(page.getByRole('heading', { name: 'Preferences', level: 1 })).toBeVisible();
  await press('{Control>}1{/Control}');
  await expect.element(page.getByRole('log')).toBeVisible();
});

test('preferences apply at once; what the engine refuses is taken back', async () => {
  const host = await open('#/preferences');
  await page.getByRole('radio', { name: 'Dark' }).click();
  await expect.poll(() => document.documentElement.dataset['theme']).toBe('dark');
  await button('Larger').click();
  await expect.poll(() => host.requests('settings_set').at(-1)?.scale).toBe(110);
  host.answers.settings_set = () => { throw refuse('unavailable', 'Settings cannot be written.', 'Check the disk.'); };
  await page.getByRole('radio', { name: 'Light' }).click();
  await expect.element(page.getByRole('alert').getByText('Settings cannot be written.')).toBeVisible();
  await expect.poll(() => document.documentElement.dataset['theme']).toBe('dark');
});

test('the vault can be locked in Preferences, and the strip says so', async () => {
  const host = await open('#/preferences');
  await button('Lock vault').click();
  host.send({ type: 'vaultChanged' });
  await expect.element(page.getByRole('contentinfo', { name: 'Status' }).getByRole('button', { name: 'Vault locked' })).toBeVisible();
});

test('a change on disk shows when the engine says so', async () => {
  const host = await open('#/integrations');
  host.answers.bot_get = () => ({ ...bot, integrations: bot.integrations.slice(0, 1), problems: [] });
  host.send({ type: 'botChanged', bot: 'bot-1' });
  await expect.element(page.getByText('1 entry, 3 files')).toBeVisible();
  await expect.element(button('No problems')).toBeVisible();
});

test('a bot that is gone is left', async () => {
  const host = await open('#/integrations');
  host.answers.bot_get = () => { throw refuse('notFound', 'This bot is not open any more.'); };
  host.send({ type: 'botChanged', bot: 'bot-1' });
  await expect.element(page.getByRole('heading', { name: 'Patchbay' })).toBeVisible();
});

test('an engine that does not answer is said so, and asked again', async () => {
  const { FakeHost } = await import('../src/host/fake');
  const { Api } = await import('../src/api/call');
  const { answers } = await import('../dev/answers');
  const { default: App } = await import('../src/app/App.svelte');
  const { render } = await import('vitest-browser-svelte');
  const host = new FakeHost({});
  host.call = () => Promise.reject(new TypeError('no host'));
  await render(App, { api: new Api(host) });
  await expect.element(page.getByRole('alert').getByText('Patchbay’s engine did not answer.')).toBeVisible();
  host.call = FakeHost.prototype.call;
  host.answers = answers({ open: false });
  await button('Try again').click();
  await expect.element(page.getByRole('heading', { name: 'Recent bots' })).toBeVisible();
});
