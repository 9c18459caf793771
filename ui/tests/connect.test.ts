import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { AttemptView, IntegrationView, Preflight } from '../src/api/bindings';
import { type Answers, type FakeHost, refuse } from '../src/host/fake';
import { settings, unlocked } from '../dev/answers';
import { bot } from '../dev/bot';
import { attemptOf, connectionOf, preflightOf } from '../dev/connect';
import { button, open, press } from './stage';

const entryOf = (alias: string) => bot.integrations.find((one) => one.alias === alias) as IntegrationView;
const detail = (alias: string, title: string) => page.getByRole('region', { name: `${alias}, ${title}` });
const list = () => page.getByRole('region', { name: 'Integration list' });
const spoken = () => page.getByRole('status', { name: 'Announcements' });
const news = (host: FakeHost) => host.send({ type: 'botChanged', bot: 'bot-1' });
/** The screen of one entry that is as given. */
const show = (alias: string, part: Partial<IntegrationView>, change: Answers = {}) =>
  open(`#/integrations/${alias}`, { bot: { integrations: bot.integrations.map((one) => (one.alias === alias ? { ...one, ...part } : one)) } }, change);

const actions: [string, Partial<IntegrationView>, string | undefined][] = [
  ['discord1', { state: 'notConnected' }, 'Connect discord1'],
  ['discord1', { state: 'failed' }, 'Connect discord1'],
  ['discord1', { state: 'connecting', attempt: 'x' }, 'Cancel connecting discord1'],
  ['discord1', { state: 'connecting', attempt: null }, undefined],
  ['discord1', { state: 'connected', connection: connectionOf() }, 'Test discord1'],
  ['discord1', { state: 'needsAttention', connection: connectionOf() }, 'Reconnect discord1'],
  ['discord1', { state: 'failed', connection: connectionOf() }, 'Reconnect discord1'],
  ['discord1', { state: 'needsAttention', note: 'Client ID missing' }, 'Configure discord1'],
  ['discord1', { state: 'needsAttention', connection: connectionOf({ changedOrigins: [{ what: 'Token address', old: 'a', new: 'b' }] }) }, 'Review discord1'],
  ['google', { state: 'askedInChat', connection: null }, 'Try in chat: google'],
  ['google', { state: 'askedConnected' }, 'Try in chat: google'],
  ['google', { state: 'needsAttention', connection: null }, 'Configure google'],
  ['bigquery', { state: 'notConnected', connection: null }, 'Paste key file… for bigquery'],
  ['bigquery', { state: 'connected' }, 'Test bigquery'],
  ['bigquery', { state: 'failed' }, 'Paste key file… for bigquery'],
  ['twilio', { state: 'connected' }, undefined],
  ['weather_key', { state: 'connected' }, undefined],
  ['weather_key', { state: 'needsAttention' }, 'Set value of weather_key'],
];
for (const [alias, part, name] of actions) {
  test(`the action of ${alias} when ${part.state}${part.connection ? ' with a connection' : ''}${part.attempt ? ' and signing in' : ''}: ${name ?? 'none'}`, async () => {
    await show(alias, part);
    const row = () => list().getByRole('listitem').filter({ has: page.getByRole('link', { name: new RegExp(`\\b${alias}\\b`) }) }).first();
    await expect.element(row()).toBeVisible();
    const named = row().element().querySelectorAll('[data-action]');
    expect([...named].map((one) => one.getAttribute('aria-label'))).toEqual(name === undefined ? [] : [name]);
  });
}

test('before connecting: callbacks with copy first, what will happen, id and secret, scopes in words', async () => {
  await open('#/integrations/discord1');
  const shown = detail('discord1', 'Discord');
  await expect.element(shown.getByRole('region', { name: 'Callback URLs' })).toHaveTextContent('http://127.0.0.1:47823/auth/oauth2/callback');
  await expect.element(shown.getByRole('button', { name: 'Copy callback URL: When published' })).toBeVisible();
  await expect.element(shown).toHaveTextContent('Your browser opens discord.com/oauth2/authorize');
  await expect.element(shown).toHaveTextContent('identify Read your name and picture');
  await expect.element(shown).toHaveTextContent('Client secret From the manifest');
  const order = shown.element().textContent ?? '';
  expect(order.indexOf('Callback URLs')).toBeLessThan(order.indexOf('Client ID'));
});

test('what is missing is said with the next step; what cannot be looked up is said and asked again', async () => {
  await open('#/integrations/linkedin');
  const missing = page.getByRole('region', { name: 'Missing' });
  await expect.element(missing).toHaveTextContent('No client ID for LinkedIn.');
  await expect.element(missing.getByRole('link', { name: 'App credentials' })).toHaveAttribute('href', '#/preferences');
});

test('a preflight that is refused says so and is asked again', async () => {
  let broken = true;
  await open('#/integrations/discord1', {}, {
    connect_preflight: () => {
      if (broken) throw refuse('unavailable', 'The providers’ list cannot be read.', 'Check the settings folder.');
      return preflightOf(entryOf('discord1'));
    },
  });
  const shown = detail('discord1', 'Discord');
  await expect.element(shown.getByRole('alert')).toHaveTextContent('The providers’ list cannot be read.');
  broken = false;
  await shown.getByRole('button', { name: 'Try again' }).click();
  await expect.element(shown.getByRole('region', { name: 'Callback URLs' })).toBeVisible();
});

test('a preflight that takes long shows that it is being looked up', async () => {
  let go = (_: Preflight) => {};
  await open('#/integrations/discord1', {}, { connect_preflight: () => new Promise<Preflight>((resolve) => (go = resolve)) });
  await expect.element(page.getByRole('status', { name: 'What connecting needs is being looked up' })).toBeVisible();
  go(preflightOf(entryOf('discord1')));
  await expect.element(page.getByRole('region', { name: 'Callback URLs' })).toBeVisible();
});

test('the client secret goes inwards once; id and secret are checked in words', async () => {
  const host = await open('#/integrations/outlook', { bot: { integrations: bot.integrations.map((one) => (one.alias === 'outlook' ? { ...one, attempt: null, state: 'notConnected' as const } : one)) } });
  await button('Store in vault…').click();
  await page.getByRole('dialog').getByLabelText('Client secret', { exact: true }).fill('s3cret');
  await button('Store client secret').click();
  await expect.poll(() => host.requests('client_secret_set')).toEqual([{ bot: 'bot-1', alias: 'outlook', value: 's3cret' }]);
  await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
  host.answers.credentials_check = () => ({ verdict: 'wrong', message: 'Microsoft refused the client secret.', hint: 'Copy it again from the portal.' });
  await button('Check id and secret').click();
  await expect.element(detail('outlook', 'Microsoft')).toHaveTextContent('Microsoft refused the client secret.');
  expect(document.body.textContent).not.toContain('s3cret');
});

test('connect: the waiting card, its steps, said once; Open again, Copy link, Cancel', async () => {
  const host = await open('#/integrations/discord1');
  await button('Connect').click();
  expect(host.requests('connect_start')).toEqual([{ bot: 'bot-1', alias: 'discord1', persona: null, way: null }]);
  const steps = page.getByRole('list', { name: 'Connection steps' });
  await expect.element(steps).toHaveTextContent('Waiting for you to approve');
  await expect.element(steps.getByRole('img', { name: 'Done' })).toBeVisible();
  expect(steps.element().querySelector('[aria-current="step"]')?.textContent).toContain('identify');
  await expect.element(steps.getByRole('timer')).toHaveTextContent(/[45]:\d\d left/);
  await expect.element(spoken()).toHaveTextContent('Discord: waiting for you to approve in the browser');
  await button('Open browser again').click();
  expect(host.requests('connect_open_again').length).toBe(1);
  await expect.element(button('Copy link')).toBeVisible();
  await detail('discord1', 'Discord').getByRole('button', { name: 'Cancel' }).click();
  await expect.poll(() => host.requests('connect_cancel').length).toBe(1);
  await expect.element(page.getByRole('region', { name: 'How it ended' })).toHaveTextContent('The sign-in was cancelled.');
  await button('Try again').click();
  await expect.poll(() => host.requests('connect_start').length).toBe(2);
});

test('connect by another way when the person chose one', async () => {
  const host = await open('#/integrations/discord1');
  await page.getByRole('radiogroup', { name: 'How the answer comes back' }).getByRole('radio', { name: 'Paste' }).click();
  expect(host.requests('connect_start')).toEqual([]);
  await button('Connect').click();
  await expect.poll(() => host.requests('connect_start').at(-1)?.way).toBe('paste');
  await expect.element(page.getByLabelText('Callback URL', { exact: true })).toBeVisible();
});

test('Escape cancels, but first empties the field with the pasted address', async () => {
  const host = await open('#/integrations/discord1');
  await button('Connect').click();
  await button('Paste the callback URL instead').click();
  const field = page.getByLabelText('Callback URL', { exact: true });
  await field.fill('http://127.0.0.1/x');
  await userEvent.keyboard('{Escape}');
  await expect.element(field).toHaveValue('');
  expect(host.requests('connect_cancel')).toEqual([]);
  await userEvent.keyboard('{Escape}');
  await expect.poll(() => host.requests('connect_cancel').length).toBe(1);
});

test('a pasted address of another sign-in is refused beside the field, the right one connects', async () => {
  const host = await open('#/integrations/discord1');
  await button('Connect').click();
  await button('Paste the callback URL instead').click();
  const field = page.getByLabelText('Callback URL', { exact: true });
  await field.fill('http://127.0.0.1:47823/auth/oauth2/callback?code=a&state=other');
  await button('Finish').click();
  await expect.element(page.getByText('This callback belongs to another sign-in. Start again from here.')).toBeVisible();
  await field.fill('http://127.0.0.1:47823/auth/oauth2/callback?code=a&state=9tVYk3hQ0mZr6sJw');
  await userEvent.keyboard('{Enter}');
  await expect.element(spoken()).toHaveTextContent('Discord: connected');
  news(host);
  await expect.element(detail('discord1', 'Discord').getByRole('region', { name: 'Connection', exact: true })).toHaveTextContent('ada@example.org');
});

test('technical details are closed, and remembered once opened', async () => {
  const first = await open('#/integrations/discord1');
  await button('Connect').click();
  await expect.element(button('Technical details')).toHaveAttribute('aria-expanded', 'false');
  await button('Technical details').click();
  await expect.element(page.getByText('auth_code, PKCE S256')).toBeVisible();
  await detail('discord1', 'Discord').getByRole('button', { name: 'Cancel' }).click();
  await button('Try again').click();
  await expect.element(page.getByText('auth_code, PKCE S256')).toBeVisible();
  expect(first.requests('connect_start').length).toBe(2);
});

/** An attempt of discord1 that the engine reports as given, step by step. */
async function reported(...steps: Partial<AttemptView>[]) {
  const attempt = attemptOf(entryOf('discord1'), null, { attempt: 'one', ...steps[0] });
  const host = await show('discord1', { state: 'connecting', attempt: 'one' }, { connect_get: () => attempt });
  for (const step of steps.slice(1)) {
    await expect.element(page.getByRole('list', { name: 'Connection steps' })).toBeVisible();
    Object.assign(attempt, step);
    host.send({ type: 'connectChanged', attempt: 'one' });
  }
  return host;
}
const ended = { endedAt: new Date().toISOString() };

test('a browser that did not open: the link stands there with its copy button', async () => {
  await reported({ opened: false });
  await expect.element(page.getByRole('list', { name: 'Connection steps' })).toHaveTextContent('Browser did not open');
  await expect.element(page.getByText(/^https:\/\/discord.com\/oauth2\/authorize\?/)).toBeVisible();
  await expect.element(button('Copy link').first()).toBeVisible();
});

const outcomes: [string, Partial<AttemptView>[], string][] = [
  ['denied', [{}, { state: 'failed', message: 'Discord did not connect: access was declined in the browser.', hint: 'Try again when you are ready.', ...ended }], 'Waiting for you to approve'],
  ['refused at the exchange', [{}, { state: 'exchanging' }, { state: 'failed', message: 'Discord refused the client secret.', hint: 'Check it under App credentials.', ...ended }], 'Exchange code for a token'],
];
for (const [name, steps, failed] of outcomes) {
  test(`outcome: ${name}; the failed step has the cross, it is said once and can be tried again`, async () => {
    await reported(...steps);
    const outcome = page.getByRole('region', { name: 'How it ended' });
    await expect.element(outcome).toHaveTextContent(steps.at(-1)?.message ?? '');
    const step = outcome.getByRole('listitem').filter({ has: page.getByRole('img', { name: 'Failed' }) });
    await expect.element(step).toHaveTextContent(failed);
    await expect.element(outcome.getByRole('button', { name: 'Try again' })).toBeVisible();
    expect([...document.querySelectorAll('[role="alert"]')].filter((one) => one.textContent?.includes(steps.at(-1)?.message ?? '?')).length).toBe(1);
  });
}

test('outcome: timed out in words', async () => {
  await reported({}, { state: 'timedOut', message: 'No answer from the browser for 5 min.', hint: 'Try again, or paste the callback URL.', ...ended });
  await expect.element(page.getByRole('region', { name: 'How it ended' })).toHaveTextContent('No answer from the browser for 5 min.');
});

test('outcome: an unregistered callback can be copied on the spot', async () => {
  await reported({}, { state: 'failed', message: 'Discord does not know this callback URL.', hint: 'Add it in the developer portal, then try again.', ...ended });
  await expect.element(button('Copy URL')).toBeVisible();
});

test('an old failure is not shown again beside a newer connection', async () => {
  const attempt = attemptOf(entryOf('discord1'), null, { attempt: 'old', state: 'failed', message: 'It failed.', startedAt: '2020-01-01T00:00:00Z', ...ended });
  await show('discord1', { state: 'connected', attempt: 'old', connection: connectionOf() }, { connect_get: () => attempt });
  await expect.element(page.getByRole('region', { name: 'Connection', exact: true })).toBeVisible();
  await expect.element(page.getByText('It failed.')).not.toBeInTheDocument();
});

test('a sign-in that works while the person looks elsewhere is told in passing', async () => {
  const attempt = attemptOf(entryOf('discord1'), null, { attempt: 'one' });
  const host = await open('#/secrets', {}, { connect_get: () => attempt });
  host.send({ type: 'connectChanged', attempt: 'one' });
  await expect.element(spoken()).toHaveTextContent('Discord: waiting for you to approve in the browser');
  Object.assign(attempt, { state: 'connected' });
  host.send({ type: 'connectChanged', attempt: 'one' });
  await expect.element(page.getByRole('region', { name: 'Notices' })).toHaveTextContent('Discord connected');
  await expect.element(spoken()).toHaveTextContent('Discord: connected');
});

test('connected: who, scopes asked and granted, expiry, hosts, lines; a host is withdrawn', async () => {
  const host = await open('#/integrations/bigquery');
  const shown = detail('bigquery', 'Google service account');
  for (const text of ['bigquery-reader@honcho-analytics.iam.gserviceaccount.com', 'The real provider', 'Renews itself. This token lasts until', 'in 59 min', 'Google issued an access token.', 'weather.bubble:2:3'])
    await expect.element(shown).toHaveTextContent(text);
  await expect.element(page.getByRole('region', { name: 'Signal path' })).toHaveTextContent('access token, 59 min left');
  await button('Withdraw reports.honcho.example').click();
  expect(host.requests('approval_remove')).toEqual([{ bot: 'bot-1', alias: 'bigquery', host: 'reports.honcho.example' }]);
  news(host);
  await expect.element(shown).not.toHaveTextContent('reports.honcho.example');
});

test('connected: practice is said, and a scope that was not granted', async () => {
  await open('#/integrations/google');
  const shown = detail('google', 'Google');
  await expect.element(shown).toHaveTextContent('email not granted');
  await expect.element(shown).toHaveTextContent('Patchbay plays the provider on this computer');
  await expect.element(shown.getByRole('radio', { name: 'Practice' })).toHaveAttribute('aria-checked', 'true');
});

test('the provider is switched between real and practice', async () => {
  const host = await open('#/integrations/discord1');
  await detail('discord1', 'Discord').getByRole('radio', { name: 'Practice' }).click();
  expect(host.requests('practice_choose')).toEqual([{ bot: 'bot-1', alias: 'discord1', practice: true }]);
});

test('Ctrl+T tests; a connection that does not work says why', async () => {
  const host = await open('#/integrations/bigquery');
  await expect.element(button('Test connection')).toBeVisible();
  await press('{Control>}t{/Control}');
  await expect.element(page.getByRole('region', { name: 'Last result' })).toHaveTextContent('Connection works. Google service account answered.');
  host.answers.connection_test = () => ({ ok: false, message: 'Google refused the key.', hint: 'Create a new key and replace this one.', at: new Date().toISOString(), milliseconds: 90 });
  await button('Test connection').click();
  await expect.element(page.getByRole('region', { name: 'Last result' })).toHaveTextContent('Connection does not work. Google refused the key.');
});

test('disconnect asks, names what it breaks, starts on Cancel', async () => {
  const host = await open('#/integrations/bigquery', {}, { connection_remove: () => ({ message: 'Google does not offer to revoke keys from here.', hint: 'Delete the key in the console.' }) });
  const disconnect = async () => {
    await button('More actions').click();
    await page.getByRole('menuitem', { name: 'Disconnect…' }).click();
  };
  await disconnect();
  await expect.element(page.getByRole('alertdialog')).toHaveTextContent('weather:2, main:8 will get nil.');
  await expect.element(button('Cancel')).toHaveFocus();
  await userEvent.keyboard('{Escape}');
  expect(host.requests('connection_remove')).toEqual([]);
  await disconnect();
  await button('Disconnect').click();
  await expect.poll(() => host.requests('connection_remove')).toEqual([{ bot: 'bot-1', alias: 'bigquery' }]);
  await expect.element(page.getByText('Delete the key in the console.')).toBeVisible();
});

test('changed addresses: old and new, nothing is tested, confirmed only after a question', async () => {
  const changedOrigins = [{ what: 'Token address', old: 'https://discord.com', new: 'https://discord-login.example' }];
  const host = await show('discord1', { state: 'needsAttention', note: 'Addresses changed', connection: connectionOf({ changedOrigins }) });
  const origins = page.getByRole('region', { name: 'The manifest’s addresses changed' });
  await expect.element(origins).toHaveTextContent('Approved https://discord.com');
  await expect.element(origins).toHaveTextContent('Now https://discord-login.example');
  await press('{Control>}t{/Control}');
  expect(host.requests('connection_test')).toEqual([]);
  await origins.getByRole('button', { name: 'Confirm addresses…' }).click();
  expect(host.requests('connection_confirm_origins')).toEqual([]);
  await page.getByRole('alertdialog').getByRole('button', { name: 'Confirm addresses' }).click();
  await expect.poll(() => host.requests('connection_confirm_origins')).toEqual([{ bot: 'bot-1', alias: 'discord1' }]);
});

test('an action that the engine refuses is said in the detail', async () => {
  await open('#/integrations/discord1', {}, { connect_start: () => { throw refuse('unavailable', 'Ports 47823 to 47825 are in use by other programs.', 'Choose another port in Preferences and register the new URL.'); } });
  await list().getByRole('button', { name: 'Connect discord1' }).click();
  await expect.element(page.getByRole('alert').getByText('Ports 47823 to 47825 are in use by other programs.')).toBeVisible();
});

test('key file: pasted, wrong ones said in words and kept, then stored', async () => {
  const host = await open('#/integrations/dialogflow');
  await list().getByRole('button', { name: 'Paste key file… for dialogflow' }).click();
  const dialog = page.getByRole('dialog', { name: 'Key file of dialogflow' });
  await dialog.getByLabelText('Or paste the text of the key').fill('{"installed": {}}');
  await button('Store key').click();
  await expect.element(dialog.getByRole('alert')).toHaveTextContent('This is an OAuth client file, not a service account key.');
  await dialog.getByLabelText('Or paste the text of the key').fill('{"private_key": "x"}');
  await button('Store key').click();
  await expect.element(dialog).not.toBeInTheDocument();
  expect(host.requests('key_file_set').at(-1)).toEqual({ bot: 'bot-1', alias: 'dialogflow', source: { type: 'text', text: '{"private_key": "x"}' } });
  await expect.element(spoken()).toHaveTextContent('Key of reader@honcho.example is stored');
});

test('key file: dropped, pasted onto the zone, picked; a practice key only in practice', async () => {
  const host = await open('#/integrations/dialogflow');
  const start = () => detail('dialogflow', 'Dialogflow').getByRole('button', { name: 'Paste key file…' }).click();
  await start();
  const zone = () => page.getByRole('group', { name: 'Key file' });
  await expect.element(zone()).toHaveFocus();
  await expect.element(button('Use a practice key')).not.toBeInTheDocument();
  await button('Choose file…').click();
  await expect.poll(() => host.requests('key_file_set').length).toBe(1);
  await expect.element(zone()).toBeVisible();
  const paste = new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: new DataTransfer() });
  paste.clipboardData?.setData('text/plain', '{"private_key": "pasted"}');
  zone().element().dispatchEvent(paste);
  await expect.element(zone()).not.toBeInTheDocument();
  news(host);
  await detail('dialogflow', 'Dialogflow').getByRole('radio', { name: 'Practice' }).click();
  news(host);
  await button('More actions').click();
  await page.getByRole('menuitem', { name: 'Replace key file…' }).click();
  const data = new DataTransfer();
  data.items.add(new File(['{"private_key": "dropped"}'], 'key.json', { type: 'application/json' }));
  zone().element().dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }));
  await expect.element(zone()).not.toBeInTheDocument();
  await button('More actions').click();
  await page.getByRole('menuitem', { name: 'Replace key file…' }).click();
  await button('Use a practice key').click();
  await expect.poll(() => host.requests('key_file_set').map(({ source }) => (source.type === 'text' ? source.text : source.type))).toEqual(['pick', '{"private_key": "pasted"}', '{"private_key": "dropped"}', 'practice']);
});

test('key file: one that is far too large is never sent', async () => {
  const host = await open('#/integrations/dialogflow');
  await detail('dialogflow', 'Dialogflow').getByRole('button', { name: 'Paste key file…' }).click();
  const data = new DataTransfer();
  data.items.add(new File(['x'.repeat(70_000)], 'film.json'));
  page.getByRole('group', { name: 'Key file' }).element().dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }));
  await expect.element(page.getByRole('dialog').getByRole('alert')).toHaveTextContent('larger than 64 KB');
  expect(host.requests('key_file_set')).toEqual([]);
});

test('a link that belongs to no sign-in is told, until it is dismissed', async () => {
  const notice = 'This callback belongs to another sign-in. Start again from here.';
  const host = await open('#/secrets');
  host.answers.app_info = () => ({ version: '0', dataFolder: '', vault: unlocked, settings, startWith: 'f1', notice });
  host.send({ type: 'noticed' });
  await expect.element(page.getByRole('alert').getByText(notice)).toBeVisible();
  await button('Dismiss').click();
  await expect.element(page.getByText(notice)).not.toBeInTheDocument();
});
