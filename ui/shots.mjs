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
