import { getContext, setContext } from 'svelte';
import type { Api } from './call';

const key = Symbol('api');

export function provideApi(api: Api): void {
  setContext(key, api);
}

export function useApi(): Api {
  return getContext<Api>(key);
}
