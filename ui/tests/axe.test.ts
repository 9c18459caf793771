import { describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { absent, locked } from '../dev/answers';
import { bot } from '../dev/bot';
import { signingIn, startedChat } from '../dev/chat';
import { connectionOf } from '../dev/connect';
import { refuse } from '../src/host/fake';
import { button, expectAccessible, open, press } from './stage';

const identity = { oldPath: '~/bots/old', mayBeMoved: true, aliases: ['myapi_key'] };
const shown = (name: string) => expect.element(page.getByRole('heading', { name, exact: true, level: 1 })).toBeVisible();
const fault = () => {
  throw refuse('unavailable', 'The vault file cannot be read.', 'Check that the disk is there.');
};
const stopped = { ...startedChat(), status: 'stopped' as const, stale: true };

const scenes: Record<string, () => Promise<unknown>> = {
  welcome: () => open('', { open: false }),
  'welcome, new bot': async () => {
    await open('', { open: false });
    await button(/New bot…/).click();
    await expect.element(page.getByRole('dialog')).toBeVisible();
  },
  integrations: async () => {
    await open('#/integrations/discord1');
    await shown('Integrations');
  },
  'integrations, question of identity, problems': async () => {
    await open('#/integrations/linkedin', { bot: { identity } });
    await press('{Control>}j{/Control}');
    await expect.element(page.getByRole('region', { name: 'Problems of this bot' })).toBeVisible();
  },
  secrets: async () => {
    await open('#/secrets');
    await button('Reveal weather_key').click();
    await expect.element(page.getByText(/Hides in/)).toBeVisible();
  },
  'secrets, locked': async () => {
    await open('#/secrets', { vault: locked });
    await expect.element(button('Unlock vault…')).toBeVisible();
  },
  'secrets, failed': async () => {
    await open('#/secrets', {}, { secrets_list: fault });
    await expect.element(button('Try again')).toBeVisible();
  },
  'secrets, empty': async () => {
    await open('#/secrets', {}, { secrets_list: () => [] });
    await expect.element(page.getByText('No secrets in this bot')).toBeVisible();
  },
  'secrets, fill from .env': async () => {
    await open('#/secrets');
    await button('Fill from .env…').click();
    await page.getByLabelText('Paste the lines of the file').fill('MYAPI_KEY=a\nOTHER=b');
    await button('Preview').click();
    await expect.element(page.getByRole('table', { name: 'What would be stored' })).toBeVisible();
  },
  'vault, create with passphrase': async () => {
    await open('#/secrets', { vault: absent });
    await button('No vault yet').click();
    await page.getByRole('radio', { name: 'A passphrase' }).click();
    await expect.element(page.getByLabelText('Repeat the passphrase', { exact: true })).toBeVisible();
  },
  'vault, recovery key': async () => {
    await open('#/secrets', { vault: absent });
    await button('No vault yet').click();
    await button('Make vault').click();
    await expect.element(page.getByRole('textbox', { name: 'Recovery key' })).toBeVisible();
  },
  'vault, unlock': async () => {
    await open('#/secrets', { vault: locked });
    await button('Vault locked').click();
    await expect.element(page.getByRole('dialog', { name: 'Unlock the vault' })).toBeVisible();
  },
  chat: async () => {
    await open('#/chat', {}, { chat_start: () => stopped });
    await expect.element(page.getByRole('log')).toBeVisible();
  },
  'connect, missing': async () => {
    await open('#/integrations/linkedin');
    await expect.element(page.getByRole('region', { name: 'Missing' })).toBeVisible();
  },
  'connect, waiting with everything open': async () => {
    await open('#/integrations/discord1');
    await button('Connect').click();
    await button('Paste the callback URL instead').click();
    await button('Technical details').click();
    await expect.element(page.getByText('auth_code, PKCE S256')).toBeVisible();
  },
  'connect, cancelled': async () => {
    await open('#/integrations/discord1');
    await button('Connect').click();
    await press('{Escape}');
    await expect.element(button('Try again')).toBeVisible();
  },
  'connect, connected and tested': async () => {
    await open('#/integrations/bigquery');
    await button('Test connection').click();
    await expect.element(page.getByText('Connection works.')).toBeVisible();
  },
  'connect, changed addresses': async () => {
    const changedOrigins = [{ what: 'Token address', old: 'https://a.example', new: 'https://b.example' }];
    await open('#/integrations/discord1', { bot: { integrations: bot.integrations.map((one) => (one.alias === 'discord1' ? { ...one, state: 'needsAttention' as const, connection: connectionOf({ changedOrigins }) } : one)) } });
    await expect.element(page.getByText('The manifest’s addresses changed')).toBeVisible();
  },
  'key file': async () => {
    await open('#/integrations/dialogflow');
    await button('Paste key file… for dialogflow').click();
    await page.getByLabelText('Or paste the text of the key').fill('{}');
    await button('Store key').click();
    await expect.element(page.getByRole('dialog').getByRole('alert')).toBeVisible();
  },
  'chat, signing in, wire': async () => {
    await open('#/chat', { chat: signingIn() });
    await page.getByRole('region', { name: 'Conversation' }).getByRole('button', { name: 'Connect facebook' }).click();
    await page.getByRole('tab', { name: /Wire/ }).click();
    await expect.element(page.getByRole('region', { name: 'Sign-in under way' })).toBeVisible();
  },
  'chat, paused, events': async () => {
    const place = { file: 'login.bubble', line: 24, column: 3 };
    await open('#/chat', { chat: signingIn({ status: 'paused', pasted: true, at: place, pause: { alias: 'google', host: 'graph.facebook.com', message: 'Nobody has allowed this yet.', place } }) });
    await page.getByRole('tab', { name: /Events/ }).click();
    await expect.element(button('Allow for this bot')).toBeVisible();
  },
  'chat, personas': async () => {
    await open('#/chat');
    await button('Persona: Victor Cooper').click();
    await expect.element(page.getByRole('menuitem', { name: 'Ada Byron' })).toBeVisible();
  },
  'chat, event refused': async () => {
    await open('#/chat');
    await button('Send an event…').click();
    await button('Send event').click();
    await expect.element(page.getByText('Give the event a name.')).toBeVisible();
  },
  'preferences, credentials': async () => {
    await open('#/preferences');
    await button('Edit… Salesforce').click();
    await expect.element(page.getByRole('dialog')).toBeVisible();
  },
  scripts: async () => {
    await open('#/scripts/login.bubble:22:40');
    await expect.element(page.getByRole('textbox', { name: 'login.bubble' })).toBeVisible();
  },
  manifest: async () => {
    await open('#/scripts/integrations.yaml');
    await expect.element(page.getByRole('textbox', { name: 'integrations.yaml' })).toBeVisible();
  },
  preferences: async () => {
    await open('#/preferences');
    await shown('Preferences');
  },
  'go to': async () => {
    await open('#/integrations');
    await press('{Control>}k{/Control}');
    await expect.element(page.getByRole('dialog', { name: 'Go to' })).toBeVisible();
  },
};

for (const theme of ['light', 'dark'] as const) {
  describe(theme, () => {
    for (const [name, scene] of Object.entries(scenes)) {
      test(name, async () => {
        await scene();
        document.documentElement.dataset['theme'] = theme;
        await expectAccessible();
      });
    }
  });
}
