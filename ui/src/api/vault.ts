import { ApiError } from './call';

/** Opens or makes the vault with the person. Resolves to false when they cancel. */
export type AskVault = (why: 'vaultAbsent' | 'vaultLocked') => Promise<boolean>;

/** Runs `work`; when the vault stands in the way, asks the person to open or make it and runs `work` once more. */
export async function withVault<T>(ask: AskVault, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ApiError) || (error.code !== 'vaultAbsent' && error.code !== 'vaultLocked')) throw error;
    return (await ask(error.code)) ? await work() : undefined;
  }
}
