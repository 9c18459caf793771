import { Attempts } from '../api/attempts.svelte';
import type { BotView, PersonaView } from '../api/bindings';
import type { Api } from '../api/call';
import { Query } from '../api/query.svelte';
import { ChatSession } from '../features/chat/session.svelte';
import { Documents } from '../features/scripts/documents.svelte';
import { tellAttempt } from './tell';

/** What is kept while a bot is open, whichever screen shows: its view, its conversation, its open files. */
export class Workspace {
  readonly id: string;
  readonly bot: Query<BotView>;
  readonly chat: ChatSession;
  readonly attempts: Attempts;
  readonly personas: Query<PersonaView[]>;
  readonly documents: Documents;
  #api: Api;
  #stop: () => void;

  constructor(api: Api, view: BotView) {
    this.id = view.bot;
    this.#api = api;
    this.bot = new Query(() => api.call('bot_get', { bot: view.bot }));
    this.bot.put(view);
    this.chat = new ChatSession(api, view.bot);
    this.attempts = new Attempts(api, view.bot, tellAttempt);
    this.personas = new Query(() => api.call('personas_list', { bot: view.bot }));
    void this.personas.reload();
    this.documents = new Documents(api, view.bot);
    this.#stop = api.on((event) => {
      const mine = 'bot' in event && event.bot === view.bot;
      const all = event.type === 'vaultChanged' || event.type === 'credentialsChanged' || event.type === 'connectChanged';
      if (mine || all) void this.bot.reload();
      if (event.type === 'personasChanged' && mine) void this.personas.reload();
    });
  }

  async close(): Promise<void> {
    this.#stop();
    this.attempts.close();
    await Promise.all([this.chat.close(), this.documents.closeAll()]);
    await this.#api.call('bot_close', { bot: this.id }).catch(() => undefined);
  }
}
