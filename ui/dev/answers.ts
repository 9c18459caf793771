import type { AppInfo, BotView, ChatView, DocumentView, IntegrationView, Problem, SecretRow, Settings, VaultView } from '../src/api/bindings';
import { type Answers, refuse } from '../src/host/fake';
import { bot, problems, recent, secrets } from './bot';
import { at, item, startedChat, text } from './chat';
import { colour } from './colour';
import { connectAnswers } from './connect';
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

/** Answers that hang together: what is set is revealed, what is said is answered, what is typed is kept. */
export function answers(start: { vault?: VaultView; bot?: Partial<BotView>; chat?: ChatView; open?: boolean } = {}): Answers {
  let vault = start.vault ?? unlocked;
  let view: BotView = { ...bot, ...start.bot };
  let now = settings;
  let list = secrets.map((row) => ({ ...row }));
  let recents = [...recent];
  const values = new Map<string, string>(list.filter((row) => row.set).map((row) => [row.alias, `wk_live_${row.alias}_8Qd2vXr71m`]));
  const undo = new Map<string, { alias: string; value: string }>();
  const files: Record<string, string> = { ...texts };
  const documents = new Map<string, { file: string; text: string; version: number }>();
  let chat = start.chat ?? startedChat();
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
  const change = (alias: string, part: Partial<IntegrationView>) => {
    view = { ...view, integrations: view.integrations.map((one) => (one.alias === alias ? { ...one, ...part } : one)) };
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
  const info = (): AppInfo => ({ version: '0.1.0', dataFolder: '~/.local/share/patchbay', vault, settings: now, startWith: start.open === false ? null : 'f1', notice: null });

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
    chat_start: ({ persona, script }) => (chat = { ...chat, persona: persona ?? chat.persona, pasted: script !== null }),
    chat_get: () => chat,
    chat_send: ({ text: words }) => {
      const file = 'main.bubble';
      chat = {
        ...chat, status: 'idle', at: null, stack: [],
        items: [
          ...chat.items,
          item(nextId++, 'user', [text(words)], { at: at(1) }),
          item(nextId++, 'bot', [text(`Hello ${words}`)], { at: at(1), place: { file, line: 7, column: 3 } }),
        ],
        log: [...chat.log, { id: nextId++, at: at(1), text: [text(`asked ${words}`)], alias: null, place: { file, line: 6, column: 3 }, hint: false }],
      };
      return chat;
    },
    chat_restart: () => (chat = startedChat({ persona: chat.persona, pasted: chat.pasted })),
    chat_press: ({ item: id, button }) =>
      (chat = { ...chat, items: chat.items.map((one) => (one.id === id ? { ...one, buttons: one.buttons.map((other, n) => (n === button ? { ...other, pressed: true } : other)) } : one)) }),
    chat_open_link: () => ({}),
    chat_event: ({ name, payload }) => (chat = { ...chat, events: [...chat.events, { id: nextId++, at: at(1), name, payload: [text(payload)], source: 'you', handledBy: null }] }),
    chat_answer_pause: () => (chat = { ...chat, pause: null, status: 'idle', at: null }),
    chat_jump: ({ seconds }) => (chat = { ...chat, aheadSeconds: chat.aheadSeconds + seconds }),
    chat_reveal: () => ({ value: 'wk_live_8Qd2vXr71mZt0bNc' }),
    chat_close: () => ({}),
    ...connectAnswers(() => view.integrations, change),
  };
}
