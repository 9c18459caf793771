import type { Advice, AttemptView, BotId, CallbackWay, Commands, IntegrationView, KeyFileSource, TestView } from '../../api/bindings';
import { goesOn, type Attempts } from '../../api/attempts.svelte';
import { type Api, type ApiError, type CommandName, toApiError } from '../../api/call';
import { type AskVault, withVault } from '../../api/vault';

type Alias = string;

/** What the person sets going on the entries of one bot: at most one thing per entry, with what came of the last one. */
export class Work {
  busy = $state.raw<Record<Alias, CommandName | undefined>>({});
  errors = $state.raw<Record<Alias, ApiError | undefined>>({});
  tested = $state.raw<Record<Alias, TestView | undefined>>({});
  /** How the answer is to come back, when the person chose another way than the provider's own. */
  ways = $state.raw<Record<Alias, CallbackWay | undefined>>({});
  /** What disconnecting left to do elsewhere. */
  advice = $state.raw<Record<Alias, Advice | undefined>>({});
  #api: Api;
  #bot: BotId;
  #attempts: Attempts;
  #askVault: AskVault;

  constructor(api: Api, bot: BotId, attempts: Attempts, askVault: AskVault) {
    this.#api = api;
    this.#bot = bot;
    this.#attempts = attempts;
    this.#askVault = askVault;
  }

  /** The sign-in of this entry that goes on, or that was its last. */
  attemptOf(entry: IntegrationView): AttemptView | undefined {
    return this.#attempts.get(entry.attempt) ?? this.#latest(entry.alias);
  }

  isRunning(entry: IntegrationView): boolean {
    const attempt = this.attemptOf(entry);
    return attempt !== undefined && goesOn(attempt.state);
  }

  /** Whether a sign-in got as far as exchanging its code. */
  exchanged(attempt: AttemptView): boolean {
    return this.#attempts.exchanged.includes(attempt.attempt);
  }

  async connect(entry: IntegrationView, way: CallbackWay | null = null): Promise<void> {
    this.tested = { ...this.tested, [entry.alias]: undefined };
    this.advice = { ...this.advice, [entry.alias]: undefined };
    const view = await this.#run(entry.alias, 'connect_start', { bot: this.#bot, alias: entry.alias, persona: null, way: way ?? this.ways[entry.alias] ?? null });
    if (view) this.#attempts.put(view);
  }

  choose(alias: Alias, way: CallbackWay): void {
    this.ways = { ...this.ways, [alias]: way };
  }

  async cancel(entry: IntegrationView): Promise<void> {
    const attempt = this.attemptOf(entry)?.attempt ?? entry.attempt;
    if (attempt === null) return;
    const view = await this.#run(entry.alias, 'connect_cancel', { attempt });
    if (view) this.#attempts.put(view);
  }

  async openAgain(entry: IntegrationView, attempt: string): Promise<void> {
    const view = await this.#run(entry.alias, 'connect_open_again', { attempt });
    if (view) this.#attempts.put(view);
  }

  /** Throws what was wrong with the address, for the field that holds it. */
  async paste(attempt: string, address: string): Promise<void> {
    this.#attempts.put(await this.#api.call('connect_paste', { attempt, address }));
  }

  async test(entry: IntegrationView): Promise<void> {
    const tested = await this.#run(entry.alias, 'connection_test', { bot: this.#bot, alias: entry.alias });
    if (tested) this.tested = { ...this.tested, [entry.alias]: tested };
  }

  async disconnect(entry: IntegrationView): Promise<boolean> {
    const advice = await this.#run(entry.alias, 'connection_remove', { bot: this.#bot, alias: entry.alias });
    this.tested = { ...this.tested, [entry.alias]: undefined };
    if (advice) this.advice = { ...this.advice, [entry.alias]: advice };
    return advice !== undefined;
  }

  async confirmOrigins(entry: IntegrationView): Promise<boolean> {
    return (await this.#run(entry.alias, 'connection_confirm_origins', { bot: this.#bot, alias: entry.alias })) !== undefined;
  }

  async practise(entry: IntegrationView, practice: boolean): Promise<void> {
    await this.#run(entry.alias, 'practice_choose', { bot: this.#bot, alias: entry.alias, practice });
    this.tested = { ...this.tested, [entry.alias]: undefined };
  }

  async withdraw(entry: IntegrationView, host: string): Promise<boolean> {
    return (await this.#run(entry.alias, 'approval_remove', { bot: this.#bot, alias: entry.alias, host })) !== undefined;
  }

  /** Throws what is wrong with the key. `undefined`: the person did not open the vault. */
  async keyFile(entry: IntegrationView, source: KeyFileSource): Promise<string | null | undefined> {
    const set = await withVault(this.#askVault, () => this.#api.call('key_file_set', { bot: this.#bot, alias: entry.alias, source }));
    if (set?.account) this.advice = { ...this.advice, [entry.alias]: undefined };
    return set?.account;
  }

  forget(alias: Alias): void {
    this.errors = { ...this.errors, [alias]: undefined };
  }

  #latest(alias: Alias): AttemptView | undefined {
    const own = Object.values(this.#attempts.views).filter((view) => view.alias === alias && view.persona === null);
    return own.find((view) => goesOn(view.state)) ?? own.sort((a, b) => a.startedAt.localeCompare(b.startedAt)).at(-1);
  }

  async #run<K extends CommandName>(alias: Alias, name: K, request: Commands[K]['request']): Promise<Commands[K]['response'] | undefined> {
    if (this.busy[alias]) return undefined;
    this.busy = { ...this.busy, [alias]: name };
    this.errors = { ...this.errors, [alias]: undefined };
    try {
      return await withVault(this.#askVault, () => this.#api.call(name, request));
    } catch (refusal) {
      this.errors = { ...this.errors, [alias]: toApiError(refusal) };
      return undefined;
    } finally {
      this.busy = { ...this.busy, [alias]: undefined };
    }
  }
}
