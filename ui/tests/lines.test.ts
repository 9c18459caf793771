import { ChangeSet, Text } from '@codemirror/state';
import { expect, test } from 'vitest';
import { LineEnds } from '../src/editor/lines';

const docOf = (text: string) => Text.of(text.split(/\r\n?|\n/));

/** Small deterministic numbers, so that a failing case can be run again. */
function numbers(seed: number) {
  return (below: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor((seed / 2147483648) * below);
  };
}

test.each(['', 'a', 'a\nb\n', 'a\r\nb\r\n', 'a\r\nb\nc\rd', '\r\n\r\n'])('the file text of %j comes back as it was', (text) => {
  expect(LineEnds.of(text).fileText(docOf(text))).toBe(text);
});

test('offsets translate both ways in a file with CRLF', () => {
  const text = 'ab\r\ncd\r\nef';
  const doc = docOf(text);
  const ends = LineEnds.of(text);
  expect(ends.toFile(doc, 3)).toBe(4);
  expect(ends.toDoc(doc, 4)).toBe(3);
  expect(ends.toDoc(doc, 3)).toBe(2);
  expect(ends.toDoc(doc, text.length)).toBe(doc.length);
});

test('edits applied to the file give the file of the changed document, whatever the line ends', () => {
  const next = numbers(7);
  const pieces = ['x', 'é', '\r\n', '\n', '\r', '😀', ' y'];
  for (let round = 0; round < 400; round++) {
    const text = Array.from({ length: next(12) }, () => pieces[next(pieces.length)]).join('').replace(/\r(?!\n)/g, round % 3 === 0 ? '\r' : '\r\n');
    const doc = docOf(text);
    const from = next(doc.length + 1);
    const to = from + next(doc.length - from + 1);
    const change = ChangeSet.of([{ from, to, insert: next(2) ? 'new\nline' : 'z' }], doc.length);
    const before = LineEnds.of(text);
    const { edits, after } = before.edits(doc, change);
    const [edit] = edits;
    if (!edit) continue;
    const file = text.slice(0, edit.from) + edit.insert + text.slice(edit.to);
    expect(after.fileText(change.apply(doc)), JSON.stringify({ text, from, to })).toBe(file);
  }
});
