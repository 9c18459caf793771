// The interface on made-up data. `?scene=` chooses what stands out; the hash chooses the screen as usual.
import '../src/styles/fonts.css';
import '../src/styles/tokens.css';
import '../src/styles/base.css';
import '../src/styles/tokens-code.css';
import { mount } from 'svelte';
import { Api } from '../src/api/call';
import App from '../src/app/App.svelte';
import { FakeHost, refuse } from '../src/host/fake';
import { absent, answers, locked, startedChat, unlocked } from './answers';
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
    items: [...chat.items, { id: 9, at: new Date(2025, 10, 21, 9, 1).toISOString(), from: 'error', text: [{ type: 'text', text: '`nam` has no value. Give it one before this line.' }], place }],
  });
}
const wanted = location.hash;
const target = document.querySelector('#app');
if (target) mount(App, { target, props: { api: new Api(host) } });
// Opening a bot goes to its integrations; the pictures want the screen of their own address.
if (wanted) setTimeout(() => (location.hash = wanted), 200);
Object.assign(window, { host });
