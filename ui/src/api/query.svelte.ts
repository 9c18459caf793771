import type { Event } from './bindings';
import { type Api, type ApiError, toApiError } from './call';

/**
 * Something asked of the engine that is asked again when an event says that it changed. What was read last stays while
 * it is asked again, and a late answer never replaces a newer one.
 */
export class Query<T> {
  data = $state.raw<T>();
  error = $state.raw<ApiError>();
  loading = $state(true);
  #ask: () => Promise<T>;
  #turn = 0;

  constructor(ask: () => Promise<T>) {
    this.#ask = ask;
  }

  async reload(): Promise<void> {
    const turn = ++this.#turn;
    this.loading = true;
    try {
      const data = await this.#ask();
      if (turn !== this.#turn) return;
      this.data = data;
      this.error = undefined;
    } catch (error) {
      if (turn !== this.#turn) return;
      this.error = toApiError(error);
    }
    this.loading = false;
  }

  /** Puts in what a command has just returned, so that it shows before the event arrives. */
  put(data: T): void {
    this.#turn++;
    this.data = data;
    this.error = undefined;
    this.loading = false;
  }
}

/** A query of a component: asked at once and whenever what `ask` reads changes, and again on the events that `when` names. */
export function useQuery<T>(api: Api, ask: () => Promise<T>, when: (event: Event) => boolean): Query<T> {
  const query = new Query(ask);
  $effect(() => {
    void query.reload();
    return api.on((event) => {
      if (when(event)) void query.reload();
    });
  });
  return query;
}
