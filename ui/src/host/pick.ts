import type { Host } from './host';
import { httpHost } from './http';

/** The desktop window when there is one around this page, else the loopback host that served it. */
export async function pickHost(): Promise<Host> {
  if ('__TAURI_INTERNALS__' in window) return (await import('./tauri')).tauriHost;
  const token = document.querySelector<HTMLMetaElement>('meta[name="patchbay-token"]')?.content ?? '';
  return httpHost(token);
}
