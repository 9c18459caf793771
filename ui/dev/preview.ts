// The interface on made-up data. `?scene=` chooses what stands out; the hash chooses the screen as usual.
import '../src/styles/fonts.css';
import '../src/styles/tokens.css';
import '../src/styles/base.css';
import '../src/styles/tokens-code.css';
import { mount } from 'svelte';
import { Api } from '../src/api/call';
import App from '../src/app/App.svelte';
import { FakeHost, refuse } from '../src/host/fake';
import { absent, answers, locked, unlocked } from './answers';
import { item, signingIn, startedChat } from './chat';
import { attemptOf, connectionOf } from './connect';
import { bot } from './bot';

const scene = new URLSearchParams(location.search).get('scene') ?? '';
const host = new FakeHost(
  answers({
    vault: scene === 'locked' ? locked : scene === 'absent' ? absent : unlocked,
    open: scene !== 'welcome',
    bot: {
      ...(scene === 'identity' ? { identity: { oldPath: '~/bots/honcho-desk-old', mayBeMoved: true, aliases: ['myapi_key', 'weather_key'] } } : {}),
      ...(scene === 'clean' ? { problems: [], integrations: bot.integrations.filter((entry) => entry.kind === 'secret') } : {}),
    },
  }),
);
if (scene === 'empty') {
  host.answers.secrets_list = () => [];
  host.answers.bot_open = host.answers.bot_get = () => ({ ...bot, integrations: [], problems: [], secretsTotal: 0, secretsMissing: 0 });
}
if (scene === 'error') {
  host.answers.secrets_list = () => {
    throw refuse('unavailable', 'The vault file cannot be read.', 'Check that the disk is there, then try again.');
  };
}
if (scene === 'chat-error') {
  const chat = startedChat();
  const place = { file: 'main.bubble', line: 7, column: 14 };
  host.answers.chat_start = () => ({
    ...chat, status: 'stopped', at: place, stale: true,
    items: [...chat.items, item(9, 'error', [{ type: 'text', text: '`nam` has no value. Give it one before this line.' }], { place })],
  });
}
const entry = (alias: string) => {
  const found = bot.integrations.find((one) => one.alias === alias);
  if (!found) throw new Error(alias);
  return found;
};
const withEntry = (alias: string, part: Partial<typeof bot.integrations[number]>) => {
  const view = { ...bot, integrations: bot.integrations.map((one) => (one.alias === alias ? { ...one, ...part } : one)) };
  host.answers.bot_open = host.answers.bot_get = () => view;
};
if (scene === 'signin') host.answers.chat_start = host.answers.chat_get = () => signingIn();
if (scene === 'paused') {
  const place = { file: 'login.bubble', line: 24, column: 3 };
  host.answers.chat_start = host.answers.chat_get = () =>
    signingIn({ status: 'paused', at: place, log: [], pasted: true, pause: { alias: 'google', host: 'graph.facebook.com', message: 'Nobody has allowed this for Honcho Desk yet.', place } });
}
if (scene === 'unopened') {
  const attempt = attemptOf(entry('discord1'), null, { attempt: 'gone', opened: false, practice: true });
  host.answers.connect_get = () => attempt;
  withEntry('discord1', { state: 'connecting', attempt: 'gone', note: 'Waiting for you', practice: true });
}
if (scene === 'denied') {
  const attempt = attemptOf(entry('discord1'), null, { attempt: 'gone', state: 'failed', endedAt: new Date().toISOString(), message: 'Discord did not connect: access was declined in the browser.', hint: 'Try again when you are ready.' });
  host.answers.connect_get = () => attempt;
  withEntry('discord1', { state: 'failed', attempt: 'gone', note: 'Access was declined' });
}
if (scene === 'origins') {
  withEntry('discord1', {
    state: 'needsAttention', note: 'Addresses changed',
    connection: connectionOf({ account: 'ada#1815', scopesAsked: ['identify'], scopesGranted: ['identify'], renews: false, changedOrigins: [{ what: 'Token address', old: 'https://discord.com', new: 'https://discord-login.example' }] }),
  });
}
const wanted = location.hash;
const target = document.querySelector('#app');
if (target) mount(App, { target, props: { api: new Api(host) } });
// Opening a bot goes to its integrations; the pictures want the screen of their own address.
if (wanted) setTimeout(() => (location.hash = wanted), 200);
Object.assign(window, { host });
