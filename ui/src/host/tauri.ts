import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import type { Host } from './host';

/** The desktop window: one command and one event channel. */
export const tauriHost: Host = {
  call: (name, request) => invoke('rpc', { name, request }),
  listen(handler) {
    const ready = listen('patchbay', (event) => handler(event.payload));
    return () => void ready.then((stop) => stop());
  },
};
