import { SvelteMap } from 'svelte/reactivity';
import type { BotId } from '../../api/bindings';
import { type Api, type ApiError, toApiError } from '../../api/call';
import type { OpenDocument } from '../../editor/document.svelte';

/** The open files of a bot, in the order in which they were opened. They outlive the screen, with their undo. */
export class Documents {
  open = new SvelteMap<string, OpenDocument>();
  error = $state.raw<ApiError>();
  #api: Api;
  #bot: BotId;
  // Never shown, so it needs no signals.
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  #coming = new Map<string, Promise<OpenDocument>>();

  constructor(api: Api, bot: BotId) {
    this.#api = api;
    this.#bot = bot;
  }

  get dirty(): OpenDocument[] {
    return [...this.open.values()].filter((document) => document.dirty);
  }

  /** The document of a file, opened once. */
  async show(file: string): Promise<OpenDocument | undefined> {
    const known = this.open.get(file);
    if (known) return known;
    const coming = this.#coming.get(file) ?? this.#open(file);
    this.#coming.set(file, coming);
    try {
      const document = await coming;
      this.error = undefined;
      this.open.set(file, document);
      return document;
    } catch (error) {
      this.error = toApiError(error);
      return undefined;
    } finally {
      this.#coming.delete(file);
    }
  }

  /** The editor is the largest part of the program; it is loaded with the first file. */
  async #open(file: string): Promise<OpenDocument> {
    const editor = await import('../../editor/document.svelte');
    return editor.OpenDocument.open(this.#api, this.#bot, file);
  }

  async close(file: string): Promise<void> {
    const document = this.open.get(file);
    this.open.delete(file);
    await document?.close();
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.open.keys()].map((file) => this.close(file)));
  }
}
