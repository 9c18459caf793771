/** The one door to the engine. A call is answered or refused with a `Failure`; events arrive in order. */
export interface Host {
  call(name: string, request: unknown): Promise<unknown>;
  /** Hands every event to `handler` until the returned function is called. */
  listen(handler: (event: unknown) => void): () => void;
}
