/** A coloured stretch, counted in UTF-16 units from the start of the text. */
export type Stretch = { from: number; to: number; kind: string };
export type Piece = { text: string; kind: string };

/** Cuts a text into lines of coloured pieces. Stretches may come in any order and may run over line ends. */
export function colourLines(text: string, stretches: readonly Stretch[]): Piece[][] {
  const sorted = [...stretches].sort((a, b) => a.from - b.from);
  const lines: Piece[][] = [[]];
  let at = 0;
  const put = (to: number, kind: string) => {
    text.slice(at, to).split(/\r\n?|\n/).forEach((part, line) => {
      if (line > 0) lines.push([]);
      if (part) lines.at(-1)?.push({ text: part, kind });
    });
    at = Math.max(at, to);
  };
  for (const { from, to, kind } of sorted) {
    if (to <= at) continue;
    if (from > at) put(from, 'plain');
    put(Math.min(to, text.length), kind);
  }
  put(text.length, 'plain');
  // A text that ends with a line break has no line after it.
  if (lines.length > 1 && lines.at(-1)?.length === 0) lines.pop();
  return lines;
}
