import type { BotView } from '../api/bindings';
import type { Api } from '../api/call';
import { Query } from '../api/query.svelte';
import { ChatSession } from '../features/chat/session.svelte';
import { Documents } from '../features/scripts/documents.svelte';

/** What is kept while a bot is open, whichever screen shows: its view, its conversation, its open files. */
export class Workspace {
  readonly id: string;
  readonly bot: Query<BotView>;
  readonly chat: ChatSession;
  readonly documents: Documents;
  #api: Api;
  #stop: () => void;

  constructor(api: Api, view: BotView) {
    this.id = view.bot;
    this.#api = api;
    this.bot = new Query(() => api.call('bot_get', { bot: view.bot }));
    this.bot.put(view);
    this.chat = new ChatSession(api, view.bot);
    this.documents = new Documents(api, view.bot);
    this.#stop = api.on((event) => {
      const mine = (event.type === 'botChanged' || event.type === 'secretsChanged') && event.bot === view.bot;
      if (mine || event.type === 'vaultChanged') void this.bot.reload();
    });
  }

  async close(): Promise<void> {
    this.#stop();
    await Promise.all([this.chat.close(), this.documents.closeAll()]);
    await this.#api.call('bot_close', { bot: this.id }).catch(() => undefined);
  }
}
