import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, indentUnit } from '@codemirror/language';
import { linter, nextDiagnostic, previousDiagnostic } from '@codemirror/lint';
import { search, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view';
import { colours, markGutter } from './decorations';

/** Every extension of an editor. Its looks are in editor.css, its colours come from the engine. */
export function extensions(label: string, readOnly: boolean, save: () => void): Extension {
  return [
    markGutter,
    lineNumbers(),
    history(),
    drawSelection(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    bracketMatching(),
    indentUnit.of('  '),
    EditorState.tabSize.of(2),
    EditorState.readOnly.of(readOnly),
    colours,
    // Without a source: the engine pushes problems, and this keeps their underlines and hover texts.
    linter(null),
    search({ top: true }),
    keymap.of([
      { key: 'Mod-s', preventDefault: true, run: () => (save(), true) },
      { key: 'F8', run: nextDiagnostic, preventDefault: true },
      { key: 'Shift-F8', run: previousDiagnostic, preventDefault: true },
      indentWithTab,
      ...searchKeymap.filter((binding) => binding.key !== 'Mod-Alt-g'),
      ...historyKeymap,
      // Ctrl+I belongs to the inspector.
      ...defaultKeymap.filter((binding) => binding.key !== 'Mod-i'),
    ]),
    EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', autocapitalize: 'off', autocorrect: 'off' }),
  ];
}
