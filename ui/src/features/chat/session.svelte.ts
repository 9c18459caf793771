import type { BotId, ChatView, Commands, PersonaId } from '../../api/bindings';
import { type Api, type ApiError, toApiError } from '../../api/call';
import { type AskVault, withVault } from '../../api/vault';

/** The commands that answer with the conversation. */
type Step = { [K in keyof Commands]: Commands[K]['response'] extends ChatView ? K : never }[keyof Commands];

/** What the inspector shows. */
export type InspectorTab = 'variables' | 'log' | 'wire' | 'events';

/** The one conversation of an open bot. It outlives the screen, so that looking elsewhere does not end it. */
export class ChatSession {
  view = $state.raw<ChatView>();
  error = $state.raw<ApiError>();
  /** A message or a restart is under way. */
  busy = $state(false);
  starting = $state(false);
  draft = $state('');
  /** Stays over restarts. */
  tab = $state<InspectorTab>('variables');
  /** Asks the person for the vault when a sign-in needs it; set by whoever shows the conversation. */
  ask: AskVault = () => Promise.resolve(false);
  #api: Api;
  #bot: BotId;
  #stop: () => void;
  #turn = 0;
  #stale = false;
  /** The pasted script that runs in place of the bot's own. */
  #script: string | null = null;

  constructor(api: Api, bot: BotId) {
    this.#api = api;
    this.#bot = bot;
    this.#stop = api.on((event) => {
      if (event.type !== 'chatChanged' || event.chat !== this.view?.chat) return;
      // News that comes while an answer is awaited may be newer than that answer.
      if (this.busy) this.#stale = true;
      else void this.#read();
    });
  }

  async start(): Promise<void> {
    if (!this.view && !this.starting) await this.#open(null);
  }

  /** Ends this conversation and starts another. */
  async startAgain(persona: PersonaId | null = null): Promise<void> {
    if (this.starting) return;
    this.starting = true;
    const old = this.view;
    this.view = undefined;
    if (old) await this.#api.call('chat_close', { chat: old.chat }).catch(() => undefined);
    await this.#open(persona);
  }

  /** Runs a pasted script in place of the bot's own; `null` goes back to those. */
  async run(script: string | null): Promise<void> {
    this.#script = script;
    await this.startAgain();
  }

  /** Lets another persona talk, in a conversation of its own. */
  async use(persona: PersonaId): Promise<void> {
    try {
      await this.#api.call('persona_use', { bot: this.#bot, persona });
    } catch (refusal) {
      this.error = toApiError(refusal);
      return;
    }
    await this.startAgain(persona);
  }

  async send(): Promise<void> {
    const { view, draft: text } = this;
    if (!view || this.busy || text.trim() === '') return;
    this.draft = '';
    const done = await this.#run('chat_send', { chat: view.chat, text });
    // A message that was refused goes back to where it was typed.
    if (!done && this.draft === '') this.draft = text;
  }

  async restart(): Promise<void> {
    const { view } = this;
    if (!view) return this.start();
    if (!this.busy) await this.#run('chat_restart', { chat: view.chat });
  }

  /** Says a quick reply. */
  readonly reply = (text: string) => this.#step('chat_send', { text });
  readonly press = (item: number, button: number) => this.#step('chat_press', { item, button });
  readonly event = (name: string, payload: string) => this.#step('chat_event', { name, payload });
  readonly answer = (allow: boolean) => this.#step('chat_answer_pause', { allow });
  readonly jump = (seconds: number) => this.#step('chat_jump', { seconds });

  async openLink(url: string): Promise<void> {
    const { view } = this;
    if (!view) return;
    const open = () => this.#api.call('chat_open_link', { chat: view.chat, url });
    await withVault(this.ask, open).catch((refusal: unknown) => (this.error = toApiError(refusal)));
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

  async #step<K extends Step>(name: K, request: Omit<Commands[K]['request'], 'chat'>): Promise<boolean> {
    const { view } = this;
    if (!view || this.busy) return false;
    return this.#run(name, { ...request, chat: view.chat } as unknown as Commands[K]['request']);
  }

  async #open(persona: PersonaId | null): Promise<void> {
    this.starting = true;
    await this.#run('chat_start', { bot: this.#bot, persona, script: this.#script });
    this.starting = false;
  }

  async #read(): Promise<void> {
    const { view } = this;
    if (view) await this.#run('chat_get', { chat: view.chat }, false);
  }

  async #run<K extends Step>(name: K, request: Commands[K]['request'], busy = true): Promise<boolean> {
    const turn = ++this.#turn;
    if (busy) this.busy = true;
    this.error = undefined;
    try {
      const view = await withVault(this.ask, () => this.#api.call(name, request));
      if (view === undefined) return false;
      if (turn === this.#turn) this.view = view as ChatView;
      return true;
    } catch (error) {
      if (turn === this.#turn) this.error = toApiError(error);
      return false;
    } finally {
      if (busy) {
        this.busy = false;
        if (this.#stale) {
          this.#stale = false;
          if (!this.error) void this.#read();
        }
      }
    }
  }
}
