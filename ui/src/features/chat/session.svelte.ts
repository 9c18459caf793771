import type { BotId, ChatView } from '../../api/bindings';
import { type Api, type ApiError, toApiError } from '../../api/call';

/** The one conversation of an open bot. It outlives the screen, so that looking elsewhere does not end it. */
export class ChatSession {
  view = $state.raw<ChatView>();
  error = $state.raw<ApiError>();
  /** A message or a restart is under way. */
  busy = $state(false);
  starting = $state(false);
  draft = $state('');
  #api: Api;
  #bot: BotId;
  #stop: () => void;
  #turn = 0;

  constructor(api: Api, bot: BotId) {
    this.#api = api;
    this.#bot = bot;
    this.#stop = api.on((event) => {
      if (event.type === 'chatChanged' && event.chat === this.view?.chat && !this.busy) void this.#read();
    });
  }

  async start(): Promise<void> {
    if (this.view || this.starting) return;
    this.starting = true;
    await this.#run(() => this.#api.call('chat_start', { bot: this.#bot }));
    this.starting = false;
  }

  async startAgain(): Promise<void> {
    this.view = undefined;
    await this.start();
  }

  async send(): Promise<void> {
    const { view, draft: text } = this;
    if (!view || this.busy || text.trim() === '') return;
    this.draft = '';
    const done = await this.#run(() => this.#api.call('chat_send', { chat: view.chat, text }));
    // A message that was refused goes back to where it was typed.
    if (!done && this.draft === '') this.draft = text;
  }

  async restart(): Promise<void> {
    const { view } = this;
    if (!view) return this.start();
    if (!this.busy) await this.#run(() => this.#api.call('chat_restart', { chat: view.chat }));
  }

  async reveal(part: number): Promise<string | undefined> {
    const { view } = this;
    if (!view) return undefined;
    try {
      return (await this.#api.call('chat_reveal', { chat: view.chat, part })).value;
    } catch (error) {
      this.error = toApiError(error);
      return undefined;
    }
  }

  async close(): Promise<void> {
    this.#stop();
    if (this.view) await this.#api.call('chat_close', { chat: this.view.chat }).catch(() => undefined);
  }

  async #read(): Promise<void> {
    const { view } = this;
    if (view) await this.#run(() => this.#api.call('chat_get', { chat: view.chat }), false);
  }

  async #run(ask: () => Promise<ChatView>, busy = true): Promise<boolean> {
    const turn = ++this.#turn;
    if (busy) this.busy = true;
    this.error = undefined;
    try {
      const view = await ask();
      if (turn === this.#turn) this.view = view;
      return true;
    } catch (error) {
      if (turn === this.#turn) this.error = toApiError(error);
      return false;
    } finally {
      if (busy) this.busy = false;
    }
  }
}
