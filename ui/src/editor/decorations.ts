import { RangeSet, StateEffect, StateField, type Text } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, GutterMarker, gutter } from '@codemirror/view';
import { mount, unmount } from 'svelte';
import Jack from '../components/Jack.svelte';
import type { JackState } from '../components/jack';

/** A stretch of the document with the engine's colour, in document positions. */
export type Colour = { from: number; to: number; kind: string };
export type Mark = { line: number; severity: 'error' | 'warning' | 'hint'; message: string };
export type JackMark = { line: number; state: JackState; name: string };

/** Replaces all colours that touch `from..to`. */
export const setColours = StateEffect.define<{ from: number; to: number; colours: Colour[] }>();
export const setMarks = StateEffect.define<Mark[]>();
export const setJacks = StateEffect.define<JackMark[]>();

const classes = new Map<string, Decoration>();
function decorationOf(kind: string): Decoration {
  const known = classes.get(kind) ?? Decoration.mark({ class: `tk-${kind}` });
  classes.set(kind, known);
  return known;
}

export const colours = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(set, transaction) {
    set = set.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setColours)) continue;
      const { from, to, colours: fresh } = effect.value;
      const length = transaction.newDoc.length;
      const add = fresh
        .filter((colour) => colour.to > colour.from && colour.to <= length)
        .map((colour) => decorationOf(colour.kind).range(colour.from, colour.to));
      set = set.update({
        filterFrom: Math.min(from, length),
        filterTo: Math.min(to, length),
        filter: (a, b) => b < from || a > to,
        add,
        sort: true,
      });
    }
    return set;
  },
  provide: (field) => EditorView.decorations.from(field),
});

class ProblemMarker extends GutterMarker {
  constructor(readonly mark: Mark) {
    super();
  }
  override eq(other: ProblemMarker) {
    return other.mark.severity === this.mark.severity && other.mark.message === this.mark.message;
  }
  override toDOM() {
    const dot = document.createElement('span');
    dot.className = `cm-mark ${this.mark.severity}`;
    dot.title = this.mark.message;
    return dot;
  }
}

class JackMarker extends GutterMarker {
  #parts = new WeakMap<Node, object>();
  constructor(readonly mark: JackMark) {
    super();
  }
  override eq(other: JackMarker) {
    return other.mark.state === this.mark.state && other.mark.name === this.mark.name;
  }
  override toDOM() {
    const place = document.createElement('span');
    place.className = 'cm-jack';
    this.#parts.set(place, mount(Jack, { target: place, props: { state: this.mark.state, size: 12, label: this.mark.name } }));
    return place;
  }
  override destroy(dom: Node) {
    const part = this.#parts.get(dom);
    if (part) void unmount(part);
  }
}

type Markers = { problems: RangeSet<GutterMarker>; jacks: RangeSet<GutterMarker> };

const place = <T extends { line: number }>(doc: Text, marks: T[], make: (mark: T) => GutterMarker) =>
  RangeSet.of(
    marks.filter((mark) => mark.line >= 1 && mark.line <= doc.lines).map((mark) => make(mark).range(doc.line(mark.line).from)),
    true,
  );

const markers = StateField.define<Markers>({
  create: () => ({ problems: RangeSet.empty, jacks: RangeSet.empty }),
  update(value, transaction) {
    let { problems, jacks } = value;
    if (transaction.docChanged) {
      problems = problems.map(transaction.changes);
      jacks = jacks.map(transaction.changes);
    }
    for (const effect of transaction.effects) {
      if (effect.is(setMarks)) problems = place(transaction.newDoc, effect.value, (mark) => new ProblemMarker(mark));
      if (effect.is(setJacks)) jacks = place(transaction.newDoc, effect.value, (mark) => new JackMarker(mark));
    }
    return problems === value.problems && jacks === value.jacks ? value : { problems, jacks };
  },
});

/** The strip left of the line numbers: a problem's mark, else the jack of the entry that begins there. */
export const markGutter = [
  markers,
  gutter({
    class: 'cm-marks',
    markers: (view) => [view.state.field(markers).problems, view.state.field(markers).jacks],
    lineMarkerChange: (update) => update.startState.field(markers) !== update.state.field(markers),
  }),
];
