import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { refuse } from '../src/host/fake';
import { absent } from '../dev/answers';
import { practiceView } from '../dev/connect';
import { button, open } from './stage';

const section = (name: string) => page.getByRole('region', { name, exact: true });

test('app credentials: what is set, and what is not', async () => {
  await open('#/preferences');
  const list = section('App credentials').getByRole('listitem');
  await expect.element(list.filter({ hasText: 'Google' })).toHaveTextContent('482913.apps.example.org');
  await expect.element(list.filter({ hasText: 'Google' })).toHaveTextContent('secret in the vault');
  await expect.element(list.filter({ hasText: 'Microsoft' })).toHaveTextContent('Not set');
  await expect.element(button('Remove Microsoft')).not.toBeInTheDocument();
});

test('app credentials: callbacks first, what is needed is asked for, the secret goes inwards only', async () => {
  const host = await open('#/preferences');
  await button('Edit… Salesforce').click();
  const dialog = page.getByRole('dialog', { name: 'App credentials of Salesforce' });
  await expect.element(dialog.getByLabelText('Client ID')).toHaveFocus();
  await expect.element(dialog.getByRole('button', { name: 'Copy callback URL: On this computer' })).toBeVisible();
  await dialog.getByLabelText('Client ID').fill('abc');
  await button('Store credentials').click();
  await expect.element(dialog.getByText('This is needed.')).toBeVisible();
  await dialog.getByLabelText('Login domain').fill('login.example.org');
  await dialog.getByLabelText('Client secret', { exact: true }).fill('s3cret');
  await button('Store credentials').click();
  await expect.element(dialog).not.toBeInTheDocument();
  expect(host.requests('credentials_set')).toEqual([{ provider: 'salesforce', clientId: 'abc', clientSecret: 's3cret', settings: [{ name: 'domain', value: 'login.example.org' }] }]);
  await expect.element(section('App credentials').getByRole('listitem').filter({ hasText: 'Salesforce' })).toHaveTextContent('abc');
});

test('app credentials: an empty secret keeps the stored one; the vault is made when there is none', async () => {
  let made = false;
  const host = await open('#/preferences', { vault: absent }, {
    credentials_set: () => {
      if (!made) throw refuse('vaultAbsent', 'There is no vault yet.', 'Make one.');
      return {};
    },
  });
  const create = host.answers.vault_create;
  host.answers.vault_create = (request) => ((made = true), create!(request));
  await button('Edit… Google').click();
  await expect.element(page.getByText('One is stored. Leave this empty to keep it.')).toBeVisible();
  await button('Store credentials').click();
  await page.getByRole('radio', { name: 'This session only' }).click();
  await button('Make vault').click();
  await expect.poll(() => host.requests('credentials_set').at(-1)?.clientSecret).toBe(null);
  await expect.element(page.getByRole('dialog', { name: 'App credentials of Google' })).not.toBeInTheDocument();
});

test('app credentials: removed after a question', async () => {
  const host = await open('#/preferences');
  await button('Remove Google').click();
  await expect.element(page.getByRole('alertdialog')).toHaveTextContent('cannot renew their sign-in');
  await button('Remove credentials').click();
  await expect.poll(() => host.requests('credentials_remove')).toEqual([{ provider: 'google' }]);
  await expect.element(section('App credentials').getByRole('listitem').filter({ hasText: 'Google' })).toHaveTextContent('Not set');
});

test('app credentials: a list that cannot be read says so and is asked again', async () => {
  const host = await open('#/preferences', {}, { credentials_list: () => { throw refuse('unavailable', 'App credentials cannot be read.', 'Check the disk.'); } });
  await expect.element(section('App credentials').getByRole('alert')).toHaveTextContent('App credentials cannot be read.');
  host.answers.credentials_list = () => [];
  await section('App credentials').getByRole('button', { name: 'Try again' }).click();
  await expect.element(section('App credentials')).toHaveTextContent('No provider needs app credentials.');
});

test('practice: its address, people and faults; a fault is switched and a refusal said', async () => {
  const host = await open('#/preferences');
  await expect.element(section('Practice')).toHaveTextContent('http://127.0.0.1:47840');
  await expect.element(section('Practice')).toHaveTextContent('Ada Byron, Victor Cooper, Noor Haddad');
  const slow = page.getByRole('switch', { name: 'Answers slowly' });
  await slow.click();
  expect(host.requests('practice_fault')).toEqual([{ name: 'slow', on: true }]);
  await expect.element(slow).toBeChecked();
  host.answers.practice_fault = () => { throw refuse('unavailable', 'Practice does not answer.', 'Start Patchbay again.'); };
  await slow.click();
  await expect.element(section('Practice').getByRole('alert')).toHaveTextContent('Practice does not answer.');
  await expect.element(slow).toBeChecked();
});

test('practice: not running is said, and the strip shows it only while it runs', async () => {
  await open('#/preferences', {}, { practice_get: () => ({ ...practiceView, running: false, base: '', faults: [] }) });
  await expect.element(section('Practice')).toHaveTextContent('Not running.');
  await expect.element(page.getByRole('contentinfo', { name: 'Status' })).not.toHaveTextContent('Practice');
});
