import type { Host } from '../host/host';
import type { Commands, Event, Failure, FailureCode } from './bindings';

export type CommandName = keyof Commands;
type Request<K extends CommandName> = Commands[K]['request'];
type Response<K extends CommandName> = Commands[K]['response'];

/** A refusal of the engine. `message` says what happened, `hint` what to do next. */
export class ApiError extends Error {
  readonly code: FailureCode;
  readonly hint: string;

  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'ApiError';
    this.code = failure.code;
    this.hint = failure.hint;
  }
}

/** Typed calls and events over a host. */
export class Api {
  #host: Host;
  #handlers = new Set<(event: Event) => void>();

  constructor(host: Host) {
    this.#host = host;
    host.listen((event) => this.#handlers.forEach((handle) => handle(event as Event)));
  }

  async call<K extends CommandName>(name: K, request: Request<K>): Promise<Response<K>> {
    try {
      return (await this.#host.call(name, request)) as Response<K>;
    } catch (refusal) {
      throw new ApiError(asFailure(refusal));
    }
  }

  on(handler: (event: Event) => void): () => void {
    this.#handlers.add(handler);
    return () => void this.#handlers.delete(handler);
  }
}

/** What a host rejects with is a `Failure`, unless the host itself is gone. */
function asFailure(refusal: unknown): Failure {
  if (typeof refusal === 'object' && refusal !== null && 'code' in refusal && 'message' in refusal) {
    const { code, message, hint } = refusal as Failure;
    return { code, message, hint: hint ?? '' };
  }
  return {
    code: 'internal',
    message: 'Patchbay’s engine did not answer.',
    hint: 'Close the window and start Patchbay again.',
  };
}

/** Makes an `ApiError` of whatever was thrown, for places that show it. */
export function toApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError(asFailure(error));
}
