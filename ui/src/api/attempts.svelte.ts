import type { AttemptId, AttemptState, AttemptView, BotId } from './bindings';
import type { Api } from './call';

export const goesOn = (state: AttemptState) => state === 'waiting' || state === 'exchanging';

/** The sign-ins of one bot as last heard of, by id. They are asked for again when the engine says that they changed. */
export class Attempts {
  views = $state.raw<Record<AttemptId, AttemptView>>({});
  /** Those that were seen to get as far as their exchange, because a failed one does not tell. */
  exchanged = $state.raw<readonly AttemptId[]>([]);
  #api: Api;
  #bot: BotId;
  #tell: (view: AttemptView) => void;
  #asked: Record<AttemptId, true> = {};
  #stop: () => void;

  /** `tell` hears of each new state once, and not of those that were over before this window looked. */
  constructor(api: Api, bot: BotId, tell: (view: AttemptView) => void) {
    this.#api = api;
    this.#bot = bot;
    this.#tell = tell;
    this.#stop = api.on((event) => {
      if (event.type === 'connectChanged') void this.#read(event.attempt, true);
    });
  }

  get(id: AttemptId | null | undefined): AttemptView | undefined {
    return id == null ? undefined : this.views[id];
  }

  /** Sees to it that the view of this attempt is there, or will be. */
  want(id: AttemptId | null | undefined): void {
    if (id == null || this.#asked[id]) return;
    this.#asked[id] = true;
    void this.#read(id, false);
  }

  /** Takes what a command answered, so that it shows before the event arrives. */
  put(view: AttemptView, news = true): void {
    if (view.bot !== this.#bot) return;
    const before = this.views[view.attempt];
    // A late answer never brings a finished one back.
    if (before && !goesOn(before.state) && goesOn(view.state)) return;
    this.#asked[view.attempt] = true;
    if ((view.state === 'exchanging' || view.state === 'connected') && !this.exchanged.includes(view.attempt)) this.exchanged = [...this.exchanged, view.attempt];
    this.views = { ...this.views, [view.attempt]: view };
    if (before ? before.state !== view.state : news || goesOn(view.state)) this.#tell(view);
  }

  close(): void {
    this.#stop();
  }

  async #read(attempt: AttemptId, news: boolean): Promise<void> {
    // One that is gone from the engine stays as it was seen last.
    await this.#api.call('connect_get', { attempt }).then((view) => this.put(view, news), () => undefined);
  }
}
