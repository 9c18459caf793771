import type { ChatItem } from '../../api/bindings';

/** Runs of neighbouring messages by the same speaker. Notes and errors stand alone. */
export function group(items: readonly ChatItem[]): ChatItem[][] {
  const runs: ChatItem[][] = [];
  for (const item of items) {
    const last = runs.at(-1);
    const joins = last?.[0]?.from === item.from && (item.from === 'bot' || item.from === 'user');
    if (last && joins) last.push(item);
    else runs.push([item]);
  }
  return runs;
}
