import type { BotView, Event, FolderId, PickPurpose } from '../api/bindings';
import { type Api, type ApiError, toApiError } from '../api/call';
import { hrefOf } from './routes';
import { Workspace } from './workspace.svelte';

type Offer = Extract<Event, { type: 'folderOffered' }>;

/** Opens and closes bots. A bot with unsaved files is only left when the person says what becomes of them. */
export class Opener {
  workspace = $state.raw<Workspace>();
  error = $state.raw<ApiError>();
  /** The folder that is being opened. */
  opening = $state<FolderId>();
  /** A folder never opened before, waiting for a yes. */
  offered = $state.raw<Offer>();
  /** The answer to "what about the unsaved files" is awaited. */
  leaving = $state.raw<(go: boolean) => void>();
  #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  async open(folder: FolderId): Promise<void> {
    if (this.opening !== undefined || !(await this.#mayLeave())) return;
    this.opening = folder;
    this.error = undefined;
    try {
      await this.#swap(await this.#api.call('bot_open', { folder }));
    } catch (error) {
      this.error = toApiError(error);
    } finally {
      this.opening = undefined;
    }
  }

  /** Lets the person pick a folder and opens it. Resolves to the folder, or to nothing when they cancelled. */
  async pick(purpose: PickPurpose): Promise<FolderId | undefined> {
    this.error = undefined;
    try {
      const { folder } = await this.#api.call('folder_pick', { purpose });
      if (!folder) return undefined;
      await this.open(folder.folder);
      return this.error ? undefined : folder.folder;
    } catch (error) {
      this.error = toApiError(error);
      return undefined;
    }
  }

  /** Shows a bot that is open in the engine already. */
  async enter(view: BotView): Promise<void> {
    if (await this.#mayLeave()) await this.#swap(view);
  }

  offer(offer: Offer): void {
    if (offer.known) void this.open(offer.folder);
    else this.offered = offer;
  }

  async close(): Promise<void> {
    if (!(await this.#mayLeave())) return;
    const gone = this.workspace;
    this.workspace = undefined;
    location.hash = '';
    await gone?.close();
  }

  async #swap(view: BotView): Promise<void> {
    const gone = this.workspace;
    if (gone?.id === view.bot) return gone.bot.put(view);
    this.workspace = new Workspace(this.#api, view);
    location.hash = hrefOf({ screen: 'integrations' });
    await gone?.close();
  }

  #mayLeave(): Promise<boolean> {
    if (!this.workspace?.documents.dirty.length) return Promise.resolve(true);
    return new Promise((resolve) => {
      this.leaving = (go) => {
        this.leaving = undefined;
        resolve(go);
      };
    });
  }
}
