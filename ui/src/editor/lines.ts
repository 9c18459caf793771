import type { ChangeDesc, ChangeSet, Text } from '@codemirror/state';

type FileEdit = { from: number; to: number; insert: string };

/**
 * CodeMirror counts every line break as one unit; the engine counts the file as it is. This keeps the file's own line
 * ends so that offsets translate both ways and nothing on disk changes that the person did not change.
 * Invariant: there is one entry per line break of the document it belongs to, or none at all when all are `\n`.
 */
export class LineEnds {
  #ends: readonly string[] | null;
  #usual: string;
  /** How many units more than CodeMirror the file has before each line. */
  #extra: Uint32Array;

  static of(text: string): LineEnds {
    const ends = text.match(/\r\n?|\n/g) ?? [];
    const odd = ends.some((end) => end !== '\n');
    return new LineEnds(odd ? ends : null, odd ? mostFrequent(ends) : '\n');
  }

  private constructor(ends: readonly string[] | null, usual: string) {
    this.#ends = ends;
    this.#usual = usual;
    this.#extra = new Uint32Array((ends?.length ?? 0) + 1);
    ends?.forEach((end, at) => (this.#extra[at + 1] = (this.#extra[at] ?? 0) + end.length - 1));
  }

  /** Offset in the file of a position in the document. */
  toFile(doc: Text, position: number): number {
    return this.#ends === null ? position : position + this.#before(doc.lineAt(position).number);
  }

  /** Position in the document of an offset in the file. An offset inside a line break goes before it. */
  toDoc(doc: Text, offset: number): number {
    if (this.#ends === null) return Math.min(offset, doc.length);
    let low = 1;
    let high = doc.lines;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (doc.line(middle).from + this.#before(middle) <= offset) low = middle;
      else high = middle - 1;
    }
    const line = doc.line(low);
    return Math.min(line.to, offset - this.#before(low));
  }

  /** Edits in file offsets for a change to `doc`, and the line ends after it. */
  edits(doc: Text, changes: ChangeSet): { edits: FileEdit[]; after: LineEnds } {
    const edits: FileEdit[] = [];
    const cuts: { line: number; gone: number; come: number }[] = [];
    changes.iterChanges((fromA, toA, _fromB, _toB, inserted) => {
      const line = doc.lineAt(fromA).number - 1;
      cuts.push({ line, gone: doc.lineAt(toA).number - 1 - line, come: inserted.lines - 1 });
      edits.push({ from: this.toFile(doc, fromA), to: this.toFile(doc, toA), insert: inserted.sliceString(0, inserted.length, this.#usual) });
    });
    if (this.#ends === null) return { edits, after: this };
    const ends = [...this.#ends];
    for (const { line, gone, come } of cuts.reverse()) ends.splice(line, gone, ...new Array<string>(come).fill(this.#usual));
    return { edits, after: new LineEnds(ends, this.#usual) };
  }

  /** The file's text of a document. */
  fileText(doc: Text): string {
    const ends = this.#ends;
    if (ends === null) return doc.toString();
    let text = '';
    for (let line = 1; line <= doc.lines; line++) text += doc.line(line).text + (line < doc.lines ? (ends[line - 1] ?? this.#usual) : '');
    return text;
  }

  #before(line: number): number {
    return this.#extra[line - 1] ?? 0;
  }
}

function mostFrequent(ends: string[]): string {
  const crlf = ends.filter((end) => end === '\r\n').length;
  const lf = ends.filter((end) => end === '\n').length;
  return crlf >= lf && crlf > 0 ? '\r\n' : lf > 0 ? '\n' : '\r';
}

/** A stretch moved through changes; nothing when it was deleted. */
export function moved<T extends { from: number; to: number }>(item: T, changes: ChangeDesc): T | undefined {
  const from = changes.mapPos(item.from, 1);
  const to = changes.mapPos(item.to, -1);
  return to > from || item.from === item.to ? { ...item, from, to: Math.max(from, to) } : undefined;
}
