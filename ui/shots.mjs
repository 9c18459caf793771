// Pictures of every screen on made-up data, in both themes and two sizes. Usage: npm run shots [-- FOLDER [FILTER]]
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright';
import { preview } from 'vite';

const [folder = 'node_modules/.cache/shots', filter = ''] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });

const button = (name, exact = true) => async (page) => page.getByRole('button', { name, exact }).first().click();
const scenes = {
  welcome: { query: 'welcome' },
  'welcome-new': { query: 'welcome', act: button('New bot…', false) },
  integrations: { hash: '#/integrations/bigquery' },
  'integrations-discord': { hash: '#/integrations/discord1' },
  'integrations-missing': { hash: '#/integrations/helpdesk_api_key' },
  'integrations-problems': { hash: '#/integrations/linkedin', act: (page) => page.keyboard.press('Control+j') },
  'integrations-empty': { query: 'empty', hash: '#/integrations' },
  'integrations-nomatch': { hash: '#/integrations', act: (page) => page.getByLabel('Filter integrations').fill('calender') },
  identity: { query: 'identity', hash: '#/integrations' },
  secrets: { hash: '#/secrets', act: button('Reveal weather_key') },
  'secrets-empty': { query: 'empty', hash: '#/secrets' },
  'secrets-locked': { query: 'locked', hash: '#/secrets' },
  'secrets-error': { query: 'error', hash: '#/secrets' },
  'secrets-removed': { hash: '#/secrets', act: button('Remove value of maps_key') },
  'secret-set': { hash: '#/secrets/helpdesk_api_key/set' },
  'secrets-env': {
    hash: '#/secrets',
    act: async (page) => {
      await button('Fill from .env…', false)(page);
      await page.getByLabel('Paste the lines of the file').fill('MYAPI_KEY=one\nHELPDESK_API_KEY=two\nOTHER=three');
      await button('Preview')(page);
    },
  },
  'vault-create': { query: 'absent', hash: '#/secrets', act: async (page) => { await button('No vault yet')(page); await page.getByRole('radio', { name: 'A passphrase' }).check(); } },
  'vault-key': { query: 'absent', hash: '#/secrets', act: async (page) => { await button('No vault yet')(page); await button('Make vault')(page); } },
  'vault-unlock': { query: 'locked', hash: '#/secrets', act: button('Unlock vault…', false) },
  'connect-preflight': { hash: '#/integrations/discord1' },
  'connect-missing': { hash: '#/integrations/linkedin' },
  connect: { hash: '#/integrations/discord1', act: async (page) => { await button('Connect')(page); await button('Paste the callback URL instead')(page); await button('Technical details')(page); } },
  'connect-unopened': { query: 'unopened', hash: '#/integrations/discord1' },
  'connect-denied': { query: 'denied', hash: '#/integrations/discord1' },
  'connect-origins': { query: 'origins', hash: '#/integrations/discord1' },
  'connect-user': { hash: '#/integrations/google' },
  'connect-tested': { hash: '#/integrations/bigquery', act: (page) => page.keyboard.press('Control+t') },
  'connect-disconnect': { hash: '#/integrations/bigquery', act: async (page) => { await button('More actions')(page); await page.getByRole('menuitem', { name: 'Disconnect…' }).click(); } },
  'key-file': {
    hash: '#/integrations/dialogflow',
    act: async (page) => {
      await page.getByRole('radio', { name: 'Practice' }).click();
      await page.evaluate(() => window.host.send({ type: 'botChanged', bot: 'bot-1' }));
      await page.waitForTimeout(200);
      await page.getByRole('button', { name: 'Paste key file…', exact: true }).click();
      await page.getByLabel('Or paste the text of the key').fill('{"installed": {}}');
      await button('Store key')(page);
    },
  },
  'chat-signin': {
    query: 'signin', hash: '#/chat',
    act: async (page) => {
      await page.evaluate(async () => {
        await window.host.call('connect_start', { bot: 'bot-1', alias: 'facebook', persona: 'victor', way: null }).then((view) => window.host.send({ type: 'connectChanged', attempt: view.attempt }));
      });
      await page.getByRole('tab', { name: /Wire/ }).click();
    },
  },
  'chat-paused': { query: 'paused', hash: '#/chat', act: (page) => page.getByRole('tab', { name: /Events/ }).click() },
  'chat-log': { query: 'signin', hash: '#/chat', act: (page) => page.getByRole('tab', { name: /Log/ }).click() },
  'chat-personas': { hash: '#/chat', act: button(/^Persona:/) },
  'chat-clock': { hash: '#/chat', act: async (page) => { await button('Clock')(page); await page.getByRole('menuitem', { name: 'Another time…' }).click(); } },
  'chat-event': { hash: '#/chat', act: async (page) => { await button('Send an event…')(page); await page.getByLabel('Payload').fill('{'); await button('Send event')(page); } },
  'preferences-credentials': { hash: '#/preferences', act: button('Edit… Salesforce') },
  'preferences-practice': { hash: '#/preferences', act: (page) => page.getByRole('region', { name: 'Practice' }).evaluate((element) => element.scrollIntoView()) },
  chat: { hash: '#/chat', act: async (page) => { await page.getByLabel('Message').fill('Victor'); await page.keyboard.press('Enter'); } },
  'chat-error': { query: 'chat-error', hash: '#/chat', act: (page) => page.getByRole('tab', { name: /Log/ }).click() },
  scripts: { hash: '#/scripts/login.bubble:22:40' },
  manifest: { hash: '#/scripts/integrations.yaml:13:3' },
  preferences: { hash: '#/preferences' },
  palette: { hash: '#/integrations', act: (page) => page.keyboard.press('Control+k') },
  switcher: { hash: '#/integrations', act: button(/^Bot:/) },
};

const server = await preview({ configFile: 'vite.preview.config.ts', preview: { host: '127.0.0.1', port: 4179 }, logLevel: 'error' });
const base = server.resolvedUrls.local[0];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const faults = [];
for (const colorScheme of ['light', 'dark']) {
  for (const [width, height] of [[1280, 800], [960, 640]]) {
    for (const [name, scene] of Object.entries(scenes)) {
      if (!name.includes(filter)) continue;
      const context = await browser.newContext({ colorScheme, viewport: { width, height }, reducedMotion: 'reduce' });
      const page = await context.newPage();
      page.on('pageerror', (error) => faults.push(`${name}: ${error.message}`));
      page.on('console', (line) => { if (line.type() === 'error') faults.push(`${name}: ${line.text()}`); });
      await page.goto(`${base}preview.html?scene=${scene.query ?? ''}${scene.hash ?? ''}`);
      await page.waitForTimeout(600);
      try {
        await scene.act?.(page);
      } catch (error) {
        faults.push(`${name}: ${error.message.split('\n')[0]}`);
      }
      await page.waitForTimeout(400);
      await page.screenshot({ path: `${folder}/${name}-${colorScheme}-${width}.png` });
      await context.close();
    }
  }
}
await browser.close();
await server.close();
for (const fault of faults) console.error(fault);
process.exit(faults.length > 0 ? 1 : 0);
