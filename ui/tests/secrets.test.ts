import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { absent, locked, settings } from '../dev/answers';
import { refuse } from '../src/host/fake';
import { button, open } from './stage';

const row = (alias: string) => page.getByRole('row', { name: new RegExp(alias) });

test('a row for every secret, with state, places and actions', async () => {
  await open('#/secrets');
  await expect.element(page.getByRole('table', { name: 'Secrets of this bot' })).toBeVisible();
  await expect.element(row('myapi_key').getByRole('img', { name: 'Set', exact: true })).toBeVisible();
  await expect.element(row('helpdesk_api_key').getByText('No value')).toBeVisible();
  await expect.element(row('helpdesk_api_key').getByRole('link', { name: 'login:22' })).toHaveAttribute('href', '#/scripts/login.bubble:22:3');
  await expect.element(row('maps_key').getByText('Nothing yet')).toBeVisible();
});

test('set: the value goes inwards once and the row follows the event', async () => {
  const host = await open('#/secrets');
  await button('Set value of helpdesk_api_key').click();
  await page.getByLabelText('Value', { exact: true }).fill('s3cret-1');
  await button('Store value').click();
  expect(host.requests('secret_set')).toEqual([{ bot: 'bot-1', alias: 'helpdesk_api_key', value: 's3cret-1' }]);
  await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
  host.send({ type: 'secretsChanged', bot: 'bot-1' });
  await expect.element(button('Reveal helpdesk_api_key')).toBeVisible();
});

test('a pasted key keeps its lines, Enter stores, the field starts empty and masked', async () => {
  const host = await open('#/secrets');
  await button('Replace myapi_key').click();
  const field = page.getByLabelText('Value', { exact: true });
  await expect.element(field).toHaveValue('');
  await expect.element(field).toHaveFocus();
  expect(getComputedStyle(field.element()).getPropertyValue('-webkit-text-security')).toBe('disc');
  await field.fill('BEGIN\nEND');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => host.requests('secret_set')[0]?.value).toBe('BEGIN\nEND');
});

test('a refused value keeps the dialog, the text and says why', async () => {
  await open('#/secrets', {}, { secret_set: () => { throw refuse('invalid', 'This value is longer than 64 KiB.', 'Store a shorter one.'); } });
  await button('Set value of helpdesk_api_key').click();
  const field = page.getByLabelText('Value', { exact: true });
  await field.fill('long');
  await button('Store value').click();
  await expect.element(page.getByText('This value is longer than 64 KiB. Store a shorter one.')).toBeVisible();
  await expect.element(field).toHaveValue('long');
  await expect.element(field).toHaveAttribute('aria-invalid', 'true');
});

test('reveal shows the value with its time, and hides it again by itself', async () => {
  await open('#/secrets', {}, { app_info: () => ({ version: '0', dataFolder: '', vault: { ...locked, state: 'unlocked' }, settings: { ...settings, revealSeconds: 1 }, startWith: 'f1', notice: null }) });
  await button('Reveal weather_key').click();
  await expect.element(page.getByText(/wk_live_weather_key/)).toBeVisible();
  await expect.element(page.getByRole('timer')).toHaveTextContent('Hides in 1 s');
  await expect.element(page.getByText(/wk_live_weather_key/)).not.toBeInTheDocument();
  await expect.element(button('Reveal weather_key')).toBeVisible();
});

test('a revealed value hides when the window loses focus, and by its button', async () => {
  await open('#/secrets');
  await button('Reveal weather_key').click();
  await expect.element(page.getByText(/wk_live_weather_key/)).toBeVisible();
  window.dispatchEvent(new Event('blur'));
  await expect.element(page.getByText(/wk_live_weather_key/)).not.toBeInTheDocument();
  await button('Reveal weather_key').click();
  await button('Hide weather_key').click();
  await expect.element(page.getByText(/wk_live_weather_key/)).not.toBeInTheDocument();
});

test('copy never shows the value and says when the clipboard is cleared', async () => {
  const host = await open('#/secrets');
  await button('Copy myapi_key').click();
  await expect.element(page.getByRole('region', { name: 'Notices' }).getByText(/Copied, clears in \d+ s/)).toBeVisible();
  expect(host.requests('secret_copy')).toEqual([{ bot: 'bot-1', alias: 'myapi_key' }]);
  expect(document.body.textContent).not.toContain('wk_live_');
});

test('remove acts at once, moves focus, and Undo brings the value back', async () => {
  const host = await open('#/secrets');
  await button('Remove value of maps_key').click();
  host.send({ type: 'secretsChanged', bot: 'bot-1' });
  await expect.element(button('Set value of maps_key')).toHaveFocus();
  await button('Undo').click();
  expect(host.requests('secret_restore')).toEqual([{ bot: 'bot-1', undo: 'undo-maps_key' }]);
  host.send({ type: 'secretsChanged', bot: 'bot-1' });
  await expect.element(button('Reveal maps_key')).toBeVisible();
});

test('fill from a .env: preview first, then only what is chosen', async () => {
  const host = await open('#/secrets');
  await button('Fill from .env…').click();
  await page.getByLabelText('Paste the lines of the file').fill('MYAPI_KEY=a\nHELPDESK_API_KEY=b\nOTHER=c');
  await button('Preview').click();
  await expect.element(page.getByRole('row', { name: /OTHER/ }).getByText('No entry of this name')).toBeVisible();
  expect(host.requests('env_apply')).toEqual([]);
  await page.getByRole('checkbox', { name: 'Store MYAPI_KEY' }).click();
  await button('Store 1 value').click();
  expect(host.requests('env_apply')).toEqual([{ bot: 'bot-1', import: 'import-1', aliases: ['helpdesk_api_key'] }]);
});

test('a cancelled file dialog changes nothing', async () => {
  const host = await open('#/secrets');
  await button('Fill from .env…').click();
  await button('Choose file…').click();
  await expect.poll(() => host.requests('env_preview')).toEqual([{ bot: 'bot-1', source: { type: 'pick' } }]);
  await expect.element(page.getByLabelText('Paste the lines of the file')).toBeVisible();
});

test('locked: nothing can be done but unlocking, and the reason is there', async () => {
  const host = await open('#/secrets', { vault: locked });
  await expect.element(button('Reveal myapi_key')).toHaveAttribute('aria-disabled', 'true');
  (button('Reveal myapi_key').element() as HTMLElement).click();
  expect(host.requests('secret_reveal')).toEqual([]);
  await button('Unlock vault…').click();
  await button('Ask the keychain again').click();
  expect(host.requests('vault_unlock')).toEqual([{ type: 'keychain' }]);
  host.send({ type: 'vaultChanged' });
  await expect.element(button('Reveal myapi_key')).not.toHaveAttribute('aria-disabled');
});

test('the first value makes the vault: passphrase twice, recovery key once, then it is stored', async () => {
  const host = await open('#/secrets', { vault: absent });
  await button('Set value of myapi_key').click();
  await page.getByLabelText('Value', { exact: true }).fill('first');
  await button('Store value').click();
  await expect.element(page.getByRole('dialog', { name: 'Make the vault' })).toBeVisible();
  await page.getByRole('radio', { name: 'A passphrase' }).click();
  await page.getByLabelText('Passphrase', { exact: true }).fill('correct horse');
  await page.getByLabelText('Repeat the passphrase', { exact: true }).fill('another');
  await button('Make vault').click();
  await expect.element(page.getByText('The two passphrases differ.')).toBeVisible();
  expect(host.requests('vault_create')).toEqual([]);
  await page.getByLabelText('Repeat the passphrase', { exact: true }).fill('correct horse');
  await button('Make vault').click();
  await expect.element(page.getByRole('textbox', { name: 'Recovery key' })).toHaveValue('H4QX-9T2M-KD7R-VW3C-8YPL-2NBE-6GZA-5SJU');
  await expect.element(button('Done')).toBeDisabled();
  await page.getByRole('checkbox', { name: 'I have kept it' }).click();
  await button('Done').click();
  await expect.poll(() => host.requests('secret_set').length).toBe(2);
  expect(host.requests('vault_create')).toEqual([{ type: 'passphrase', passphrase: 'correct horse' }]);
  await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
});

test('replacing a value hides the old one first', async () => {
  await open('#/secrets');
  await button('Reveal myapi_key').click();
  await expect.element(button('Hide myapi_key')).toBeVisible();
  await button('Replace myapi_key').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await expect.element(button('Reveal myapi_key')).toBeVisible();
});

test('the recovery key stays until it was kept, although the vault is open by then', async () => {
  const host = await open('#/secrets', { vault: absent });
  await button('Set value of myapi_key').click();
  await page.getByLabelText('Value', { exact: true }).fill('first');
  await button('Store value').click();
  await page.getByRole('radio', { name: 'The system keychain' }).click();
  await button('Make vault').click();
  await expect.element(page.getByRole('textbox', { name: 'Recovery key' })).toBeVisible();
  const before = host.requests('vault_get').length;
  host.send({ type: 'vaultChanged' });
  await expect.poll(() => host.requests('vault_get').length).toBeGreaterThan(before);
  await expect.element(page.getByText('Vault unlocked')).toBeInTheDocument();
  await expect.element(page.getByRole('checkbox', { name: 'I have kept it' })).toBeVisible();
});

test('cancelling the vault keeps what was typed', async () => {
  await open('#/secrets', { vault: absent });
  await button('Set value of myapi_key').click();
  await page.getByLabelText('Value', { exact: true }).fill('kept');
  await button('Store value').click();
  await page.getByRole('dialog', { name: 'Make the vault' }).getByRole('button', { name: 'Cancel' }).click();
  await expect.element(page.getByLabelText('Value', { exact: true })).toHaveValue('kept');
});

test('a wrong passphrase says so beside the field', async () => {
  await open('#/secrets', { vault: { ...locked, protection: 'passphrase', ways: ['passphrase', 'recoveryKey'] } });
  await button('Vault locked').click();
  await page.getByLabelText('Passphrase', { exact: true }).fill('wrong');
  await button('Unlock').click();
  await expect.element(page.getByText('This passphrase does not open the vault. Check it and try again.')).toBeVisible();
  await page.getByLabelText('Passphrase', { exact: true }).fill('correct horse');
  await button('Unlock').click();
  await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
});

test('a list that cannot be read says why and can be asked for again', async () => {
  let broken = true;
  await open('#/secrets', {}, {
    secrets_list: () => {
      if (broken) throw refuse('unavailable', 'The vault file cannot be read.', 'Check the disk.');
      return [];
    },
  });
  await expect.element(page.getByRole('alert').getByText('The vault file cannot be read.')).toBeVisible();
  broken = false;
  await button('Try again').click();
  await expect.element(page.getByText('No secrets in this bot')).toBeVisible();
});
