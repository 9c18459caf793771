import type { Commands, Event, Failure } from '../api/bindings';
import type { Host } from './host';

type Name = keyof Commands;
export type Answers = { [K in Name]?: (request: Commands[K]['request']) => Commands[K]['response'] | Promise<Commands[K]['response']> };

/** A host for tests and pictures: answers from a table, remembers what was asked, sends events when told to. */
export class FakeHost implements Host {
  answers: Answers;
  asked: { name: Name; request: unknown }[] = [];
  #handlers = new Set<(event: unknown) => void>();

  constructor(answers: Answers) {
    this.answers = answers;
  }

  async call(name: string, request: unknown): Promise<unknown> {
    this.asked.push({ name: name as Name, request: structuredClone(request) });
    const answer = this.answers[name as Name] as ((request: unknown) => unknown) | undefined;
    if (!answer) throw refuse('internal', `The fake host has no answer to ${name}.`);
    return structuredClone(await answer(request));
  }

  listen(handler: (event: unknown) => void): () => void {
    this.#handlers.add(handler);
    return () => void this.#handlers.delete(handler);
  }

  send(event: Event): void {
    for (const handler of this.#handlers) handler(structuredClone(event));
  }

  /** The requests of one command, oldest first. */
  requests<K extends Name>(name: K): Commands[K]['request'][] {
    return this.asked.filter((call) => call.name === name).map((call) => call.request as Commands[K]['request']);
  }
}

export const refuse = (code: Failure['code'], message: string, hint = ''): Failure => ({ code, message, hint });
