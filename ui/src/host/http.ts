import type { Host } from './host';

const header = 'x-patchbay-token';

/** The loopback host: one route for commands, one stream of events, both behind the token of the page. */
export function httpHost(token: string, base = ''): Host {
  return {
    async call(name, request) {
      const answer = await fetch(`${base}/rpc/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', [header]: token },
        body: JSON.stringify(request),
      });
      const body: unknown = await answer.json();
      if (!answer.ok) throw body;
      return body;
    },
    listen(handler) {
      const stop = new AbortController();
      void follow(`${base}/events`, token, stop.signal, handler);
      return () => stop.abort();
    },
  };
}

/** Reads the stream and opens it again when it breaks, because a browser may close an idle one. */
async function follow(url: string, token: string, signal: AbortSignal, handler: (event: unknown) => void) {
  while (!signal.aborted) {
    try {
      const answer = await fetch(url, { headers: { [header]: token }, signal });
      if (answer.body) await readLines(answer.body, handler);
    } catch {
      // The next round tells whether the host is there again.
    }
    if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Splits a stream of bytes into lines of JSON. An empty line only keeps the stream open. */
export async function readLines(body: ReadableStream<Uint8Array>, handler: (event: unknown) => void) {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim()) handler(JSON.parse(line));
  }
}
