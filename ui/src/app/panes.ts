/** Pane widths and the like, remembered per bot on this machine. Losing them costs nothing. */
export type Panes = { list: number; inspector: number; inspecting: boolean; rail: boolean; problems: boolean };

const usual: Panes = { list: 440, inspector: 400, inspecting: true, rail: false, problems: false };
const key = (path: string) => `patchbay.panes:${path}`;

export function loadPanes(path: string): Panes {
  try {
    return { ...usual, ...(JSON.parse(localStorage.getItem(key(path)) ?? '{}') as Partial<Panes>) };
  } catch {
    return { ...usual };
  }
}

export function savePanes(path: string, panes: Panes): void {
  try {
    localStorage.setItem(key(path), JSON.stringify(panes));
  } catch {
    // A full or forbidden storage only means that widths start anew.
  }
}
