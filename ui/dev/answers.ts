import type { AppInfo, BotView, ChatView, DocumentView, Part, Problem, SecretRow, Settings, VaultView } from '../src/api/bindings';
import { type Answers, refuse } from '../src/host/fake';
import { bot, problems, recent, secrets } from './bot';
import { colour } from './colour';
import { texts } from './texts';

export const unlocked: VaultView = {
  state: 'unlocked', protection: 'keychain', ways: [],
  message: 'Values are sealed in Patchbay’s vault on this computer; its key is in the system keychain.', hint: '',
};
export const locked: VaultView = {
  state: 'locked', protection: 'keychain', ways: ['keychain', 'recoveryKey'],
  message: 'The vault is locked because the system keychain did not give its key.', hint: 'Unlock the keychain, or use the recovery key.',
};
export const absent: VaultView = {
  state: 'absent', protection: null, ways: ['createKeychain', 'createPassphrase', 'createSession'],
  message: 'There is no vault yet. It is made when the first value is stored.', hint: '',
};
export const settings: Settings = { theme: 'system', scale: 100, revealSeconds: 20, clipboardSeconds: 30 };

const at = (minute: number) => new Date(2025, 10, 21, 9, minute).toISOString();
const text = (words: string): Part => ({ type: 'text', text: words });
const secret = (part: number): Part => ({ type: 'secret', alias: 'myapi_key', part });

export function startedChat(): ChatView {
  const file = 'main.bubble';
  return {
    chat: 'chat-1', status: 'waiting', at: { file, line: 5, column: 10 }, stale: false,
    items: [
      { id: 1, at: at(0), from: 'note', text: [text('Conversation started in')], place: { file, line: 2, column: 1 } },
      { id: 2, at: at(0), from: 'bot', text: [text('Your token is: '), secret(1)], place: { file, line: 4, column: 3 } },
      { id: 3, at: at(0), from: 'bot', text: [text('What should I call you?')], place: { file, line: 5, column: 10 } },
    ],
    log: [{ id: 1, at: at(0), text: [text('token read: '), secret(2)], place: { file, line: 3, column: 11 }, hint: false }],
    variables: [
      { name: 'token', scope: 'local', value: [secret(3)] },
      { name: 'bot.tokens', scope: 'builtIn', value: [text('myapi_key, weather_key, helpdesk_api_key, maps_key')] },
      { name: 'user', scope: 'global', value: [text('{}')] },
    ],
    stack: [{ dialog: 'main', place: { file, line: 5, column: 10 } }],
  };
}

/** Answers that hang together: what is set is revealed, what is said is answered, what is typed is kept. */
export function answers(start: { vault?: VaultView; bot?: Partial<BotView>; open?: boolean } = {}): Answers {
  let vault = start.vault ?? unlocked;
  let view: BotView = { ...bot, ...start.bot };
  let now = settings;
  let list = secrets.map((row) => ({ ...row }));
  let recents = [...recent];
  const values = new Map<string, string>(list.filter((row) => row.set).map((row) => [row.alias, `wk_live_${row.alias}_8Qd2vXr71m`]));
  const undo = new Map<string, { alias: string; value: string }>();
  const files: Record<string, string> = { ...texts };
  const documents = new Map<string, { file: string; text: string; version: number }>();
  let chat = startedChat();
  let nextId = 10;

  const guard = () => {
    if (vault.state === 'absent') throw refuse('vaultAbsent', 'There is no vault yet.', 'Make one to store the first value.');
    if (vault.state !== 'unlocked') throw refuse('vaultLocked', 'The vault is locked.', 'Unlock it and try again.');
  };
  const rowOf = (alias: string): SecretRow => {
    const row = list.find((other) => other.alias === alias);
    if (!row) throw refuse('notFound', `No secret has the alias ${alias}.`);
    return row;
  };
  const put = (alias: string, value: string | undefined) => {
    const row = rowOf(alias);
    row.set = value !== undefined;
    row.changedAt = value === undefined ? null : new Date().toISOString();
    if (value === undefined) values.delete(alias);
    else values.set(alias, value);
    return { ...row };
  };
  const problemsOf = (file: string, body: string): Problem[] =>
    problems.filter((problem) => problem.file === file && body.slice(problem.range.from, problem.range.to) === texts[file]?.slice(problem.range.from, problem.range.to));
  const documentOf = (id: string) => {
    const document = documents.get(id);
    if (!document) throw refuse('notFound', 'This document is not open.');
    return document;
  };
  const viewOf = (id: string): DocumentView => {
    const { file, text: body, version } = documentOf(id);
    return { document: id, file, version, text: body, readOnly: view.readOnly, dirty: body !== files[file], problems: problemsOf(file, body), tokens: colour(file, body) };
  };
  const changed = (id: string) => {
    const { version, dirty, problems: found, tokens, text: body } = viewOf(id);
    return { version, dirty, edits: [], conflict: false, problems: found, tokens, tokensFrom: 0, tokensTo: body.length };
  };
  const info = (): AppInfo => ({ version: '0.1.0', dataFolder: '~/.local/share/patchbay', vault, settings: now, startWith: start.open === false ? null : 'f1' });

  return {
    app_info: info,
    settings_get: () => now,
    settings_set: (next) => (now = next),
    bots_recent: () => recents,
    bots_forget: ({ folder }) => {
      recents = recents.filter((one) => one.folder !== folder);
      return {};
    },
    bots_examples: () => [
      { id: 'secret', title: 'Show a secret', description: 'One secret, one script, masked in the chat until revealed', providers: ['secret'] },
      { id: 'login', title: 'Log in with Google', description: 'Two login buttons, a token event, and the name Google returns', providers: ['google', 'facebook'] },
      { id: 'report', title: 'Nightly BigQuery report', description: 'A service account, a scheduled query, and a text message', providers: ['google_service_account', 'twilio'] },
      { id: 'oauth2', title: 'Any OAuth2 provider', description: 'Discord, with the flow written out step by step', providers: ['oauth2'] },
    ],
    folder_pick: () => ({ folder: { folder: 'picked', path: '~/bots', empty: false } }),
    bot_create: ({ title }) => (view = { ...view, title }),
    bot_open: () => view,
    bot_get: () => ({ ...view, secretsMissing: list.filter((row) => row.set === false).length }),
    bot_close: () => ({}),
    bot_identity: () => (view = { ...view, identity: null }),
    document_open: ({ file }) => {
      const body = files[file];
      if (body === undefined) throw refuse('notFound', `${file} is not in the folder any more.`, 'Choose another file.');
      documents.set(file, { file, text: body, version: 1 });
      return viewOf(file);
    },
    document_change: ({ document, version, edits }) => {
      const open = documentOf(document);
      if (version !== open.version) throw refuse('conflict', 'The text is at another version.', 'Reload the file.');
      for (const edit of [...edits].reverse()) open.text = open.text.slice(0, edit.from) + edit.insert + open.text.slice(edit.to);
      open.version++;
      return changed(document);
    },
    document_save: ({ document }) => {
      const open = documentOf(document);
      files[open.file] = open.text;
      return changed(document);
    },
    document_reload: ({ document }) => {
      const open = documentOf(document);
      open.text = files[open.file] ?? '';
      open.version++;
      return viewOf(document);
    },
    document_close: () => ({}),
    secrets_list: () => list.map((row) => ({ ...row, set: vault.state === 'absent' ? false : row.set })),
    secret_set: ({ alias, value }) => {
      guard();
      return put(alias, value);
    },
    secret_reveal: ({ alias }) => {
      guard();
      return { value: values.get(alias) ?? '' };
    },
    secret_copy: () => {
      guard();
      return { clearsInSeconds: now.clipboardSeconds };
    },
    secret_remove: ({ alias }) => {
      guard();
      undo.set(`undo-${alias}`, { alias, value: values.get(alias) ?? '' });
      put(alias, undefined);
      return { undo: `undo-${alias}` };
    },
    secret_restore: ({ undo: key }) => {
      const kept = undo.get(key);
      if (!kept) throw refuse('notFound', 'The ten seconds are over.', 'Set the value again.');
      return put(kept.alias, kept.value);
    },
    env_preview: ({ source }) => {
      guard();
      if (source.type === 'pick') return { import: null, rows: [], problems: [] };
      const rows = source.text.split('\n').flatMap((line, n) => {
        const name = line.match(/^\s*(\w+)=/)?.[1];
        const row = name ? list.find((other) => other.alias.toLowerCase() === name.toLowerCase()) : undefined;
        const effect = !row ? ('noEntry' as const) : !row.set ? ('add' as const) : ('replace' as const);
        return name ? [{ name, line: n + 1, alias: row?.alias ?? null, effect }] : [];
      });
      return { import: 'import-1', rows, problems: [] };
    },
    env_apply: ({ aliases }) => {
      for (const alias of aliases) put(alias, 'from-env');
      return { count: aliases.length };
    },
    vault_get: () => vault,
    vault_create: (request) => {
      vault = { ...unlocked, protection: request.type };
      list = list.map((row) => ({ ...row }));
      return { recoveryKey: request.type === 'session' ? null : 'H4QX-9T2M-KD7R-VW3C-8YPL-2NBE-6GZA-5SJU', vault };
    },
    vault_unlock: (request) => {
      if (request.type === 'passphrase' && request.passphrase !== 'correct horse') throw refuse('invalid', 'This passphrase does not open the vault.', 'Check it and try again.');
      return (vault = unlocked);
    },
    vault_lock: () => (vault = locked),
    chat_start: () => chat,
    chat_get: () => chat,
    chat_send: ({ text: words }) => {
      const file = 'main.bubble';
      chat = {
        ...chat, status: 'idle', at: null, stack: [],
        items: [
          ...chat.items,
          { id: nextId++, at: at(1), from: 'user', text: [text(words)], place: null },
          { id: nextId++, at: at(1), from: 'bot', text: [text(`Hello ${words}`)], place: { file, line: 7, column: 3 } },
        ],
        log: [...chat.log, { id: nextId++, at: at(1), text: [text(`asked ${words}`)], place: { file, line: 6, column: 3 }, hint: false }],
      };
      return chat;
    },
    chat_restart: () => (chat = startedChat()),
    chat_reveal: () => ({ value: 'wk_live_8Qd2vXr71mZt0bNc' }),
    chat_close: () => ({}),
  };
}
