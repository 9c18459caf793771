import { setDiagnostics } from '@codemirror/lint';
import { Annotation, ChangeSet, EditorState, Transaction, type TransactionSpec } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import type { BotId, DocumentChanged, DocumentView, Problem } from '../api/bindings';
import { type Api, type ApiError, toApiError } from '../api/call';
import { type JackMark, setColours, setJacks, setMarks } from './decorations';
import { LineEnds, moved } from './lines';
import { extensions } from './setup';

const fromEngine = Annotation.define<true>();

/**
 * One open file. The engine holds the same text and reads it again after every change, so only changes cross.
 * Invariants: at most one change is under way; what was typed since then waits in `#waiting`; `version` is the engine's
 * version of the text before the change under way.
 */
export class OpenDocument {
  file: string;
  readOnly = $state(false);
  dirty = $state(false);
  /** The file on disk is newer than this text: reload or keep. */
  conflict = $state(false);
  problems = $state.raw<Problem[]>([]);
  failure = $state.raw<ApiError>();
  saving = $state(false);
  /** Line and column of the caret, from 1. */
  caret = $state.raw({ line: 1, column: 1 });

  #api: Api;
  #id: string;
  #version: number;
  #ends: LineEnds;
  #state: EditorState;
  #view: EditorView | undefined;
  #under: ChangeSet | undefined;
  #waiting: ChangeSet | undefined;
  #news: DocumentChanged[] = [];
  #idle: (() => void)[] = [];
  #stop: () => void;

  static async open(api: Api, bot: BotId, file: string): Promise<OpenDocument> {
    return new OpenDocument(api, await api.call('document_open', { bot, file }));
  }

  private constructor(api: Api, view: DocumentView) {
    this.#api = api;
    this.#id = view.document;
    this.file = view.file;
    this.#version = view.version;
    this.#ends = LineEnds.of(view.text);
    this.readOnly = view.readOnly;
    this.#state = this.#fresh(view);
    this.#take(view);
    this.#stop = api.on((event) => {
      if (event.type === 'documentChanged' && event.document === this.#id) this.#hear(event.change);
    });
  }

  /** Shows the document in `parent` until the returned function is called. Undo and caret outlive the view. */
  attach(parent: HTMLElement): () => void {
    const view = new EditorView({
      state: this.#state,
      parent,
      dispatchTransactions: (transactions, shown) => {
        shown.update(transactions);
        this.#state = shown.state;
        for (const transaction of transactions) this.#note(transaction);
      },
    });
    this.#view = view;
    return () => {
      this.#state = view.state;
      this.#view = undefined;
      view.destroy();
    };
  }

  focus(): void {
    this.#view?.focus();
  }

  /** Puts the caret at a place of the file and shows it in the middle. */
  goTo(line: number, column: number): void {
    const doc = this.#state.doc;
    const at = doc.line(Math.min(Math.max(1, line), doc.lines));
    const head = Math.min(at.from + Math.max(0, column - 1), at.to);
    this.#dispatch({ selection: { anchor: head }, effects: EditorView.scrollIntoView(head, { y: 'center' }) });
    this.focus();
  }

  showJacks(jacks: JackMark[]): void {
    this.#dispatch({ effects: setJacks.of(jacks) });
  }

  /** Writes the text to the file. A file that changed underneath is only written over when `overwrite` says so. */
  async save(overwrite = false): Promise<void> {
    if (this.readOnly || this.saving) return;
    this.saving = true;
    try {
      await this.#settled();
      this.#apply(await this.#api.call('document_save', { document: this.#id, overwrite }));
      this.failure = undefined;
    } catch (error) {
      const failure = toApiError(error);
      if (failure.code === 'conflict') this.conflict = true;
      else this.failure = failure;
    } finally {
      this.saving = false;
    }
  }

  /** Takes the text of the file and drops this one. */
  async reload(): Promise<void> {
    try {
      const view = await this.#api.call('document_reload', { document: this.#id });
      this.#under = this.#waiting = undefined;
      this.#news = [];
      this.#replace(view);
    } catch (error) {
      this.failure = toApiError(error);
    }
  }

  /** Sends again what could not be sent. */
  async retry(): Promise<void> {
    this.failure = undefined;
    void this.#send();
    await this.#settled();
  }

  async close(): Promise<void> {
    this.#stop();
    await this.#api.call('document_close', { document: this.#id }).catch(() => undefined);
  }

  get text(): string {
    return this.#ends.fileText(this.#state.doc);
  }

  #fresh(view: DocumentView): EditorState {
    return EditorState.create({
      doc: view.text,
      extensions: extensions(view.file, view.readOnly, () => void this.save()),
    });
  }

  #replace(view: DocumentView): void {
    this.#version = view.version;
    this.#dispatch({ changes: { from: 0, to: this.#state.doc.length, insert: view.text.split(/\r\n?|\n/).join('\n') }, annotations: fromEngine.of(true) });
    this.#ends = LineEnds.of(view.text);
    this.conflict = false;
    this.failure = undefined;
    this.#take(view);
  }

  #take(view: DocumentView): void {
    this.dirty = view.dirty;
    this.#show(view.problems, view.tokens, 0, view.text.length, undefined);
  }

  /** Applies a transaction whether the document is on screen or not. */
  #dispatch(spec: TransactionSpec): void {
    if (this.#view) this.#view.dispatch(spec);
    else {
      const transaction = this.#state.update(spec);
      this.#state = transaction.state;
      this.#note(transaction);
    }
  }

  #note(transaction: Transaction): void {
    if (transaction.selection || transaction.docChanged) {
      const head = transaction.newSelection.main.head;
      const line = transaction.newDoc.lineAt(head);
      this.caret = { line: line.number, column: head - line.from + 1 };
    }
    if (!transaction.docChanged || transaction.annotation(fromEngine)) return;
    this.dirty = true;
    this.#waiting = this.#waiting ? this.#waiting.compose(transaction.changes) : transaction.changes;
    this.#base ??= transaction.startState.doc;
    void this.#send();
  }

  /** The text that `#waiting` starts from; its line ends are what `#ends` describes. */
  #base: EditorState['doc'] | undefined;

  async #send(): Promise<void> {
    if (this.#under || !this.#waiting || !this.#base) return this.#rest();
    const changes = this.#waiting;
    const before = this.#base;
    const endsBefore = this.#ends;
    const { edits, after } = endsBefore.edits(before, changes);
    this.#ends = after;
    this.#under = changes;
    this.#waiting = undefined;
    this.#base = undefined;
    try {
      const answer = await this.#api.call('document_change', { document: this.#id, version: this.#version, edits });
      if (this.#under !== changes) return;
      this.#under = undefined;
      this.failure = undefined;
      this.#apply(answer);
    } catch (error) {
      if (this.#under !== changes) return;
      // Nothing typed is lost: it waits, together with what came since, for the next try.
      this.#ends = endsBefore;
      this.#under = undefined;
      this.#waiting = this.#waiting ? changes.compose(this.#waiting) : changes;
      this.#base = before;
      if (this.#catchUp()) return void this.#send();
      this.failure = toApiError(error);
      return this.#rest();
    }
    this.#catchUp();
    return this.#send();
  }

  #rest(): void {
    if (this.#under) return;
    for (const done of this.#idle.splice(0)) done();
  }

  /** Resolves when nothing is under way. */
  async #settled(): Promise<void> {
    if (!this.#under && !this.#waiting) return;
    await new Promise<void>((resolve) => {
      this.#idle.push(resolve);
      if (!this.#under) void this.#send();
    });
    if (this.#waiting && this.failure) throw this.failure;
  }

  /** News of the file on disk. While a change is under way it waits, because the answer tells what it is relative to. */
  #hear(change: DocumentChanged): void {
    this.#news.push(change);
    if (!this.#under && this.#catchUp()) void this.#send();
  }

  #catchUp(): boolean {
    const news = this.#news.splice(0);
    for (const change of news) if (change.version > this.#version || change.edits.length === 0) this.#merge(change);
    return news.length > 0;
  }

  /** Applies a foreign change under what was typed and not sent yet. */
  #merge(change: DocumentChanged): void {
    const doc = this.#base ?? this.#state.doc;
    if (change.edits.length > 0) {
      const edits = change.edits.map((edit) => ({
        from: this.#ends.toDoc(doc, edit.from),
        to: this.#ends.toDoc(doc, edit.to),
        insert: edit.insert.split(/\r\n?|\n/).join('\n'),
      }));
      const file = applyEdits(this.#ends.fileText(doc), change.edits);
      const foreign = ChangeSet.of(edits, doc.length, '\n');
      const here = this.#waiting ? foreign.map(this.#waiting) : foreign;
      if (this.#waiting) {
        this.#waiting = this.#waiting.map(foreign, true);
        this.#base = foreign.apply(doc);
      }
      this.#ends = LineEnds.of(file);
      this.#dispatch({ changes: here, annotations: [fromEngine.of(true), Transaction.addToHistory.of(false)] });
    }
    this.#apply(change);
  }

  #apply(change: DocumentChanged): void {
    this.#version = change.version;
    this.conflict = change.conflict;
    this.dirty = change.dirty || this.#waiting !== undefined;
    this.#show(change.problems, change.tokens, change.tokensFrom, change.tokensTo, this.#waiting);
  }

  /** Problems and colours are of the text before `since`, which was typed while the engine was reading. */
  #show(problems: Problem[], tokens: DocumentView['tokens'], from: number, to: number, since: ChangeSet | undefined): void {
    const doc = this.#base ?? this.#state.doc;
    const shift = <T extends { from: number; to: number }>(items: T[]): T[] =>
      since ? items.flatMap((item) => moved(item, since) ?? []) : items;
    const inDoc = (range: { from: number; to: number }) => ({ from: this.#ends.toDoc(doc, range.from), to: this.#ends.toDoc(doc, range.to) });
    const colours = shift(tokens.map((token) => ({ ...inDoc(token), kind: token.kind })));
    const window = inDoc({ from, to });
    const stretch = since ? { from: since.mapPos(window.from, -1), to: since.mapPos(window.to, 1) } : window;
    const diagnostics = shift(
      problems.map((problem) => ({
        ...inDoc(problem.range),
        severity: problem.severity,
        message: problem.hint ? `${problem.message} ${problem.hint}` : problem.message,
      })),
    );
    this.problems = problems;
    const marks = problems.map(({ line, severity, message }) => ({ line, severity, message })).sort((a, b) => rank(a.severity) - rank(b.severity));
    const first = marks.filter((mark, at) => marks.findIndex((other) => other.line === mark.line) === at);
    this.#dispatch({ effects: [setColours.of({ ...stretch, colours }), setMarks.of(first)] });
    this.#dispatch(setDiagnostics(this.#state, diagnostics));
  }
}

const rank = (severity: string) => ['error', 'warning', 'hint'].indexOf(severity);

function applyEdits(text: string, edits: DocumentChanged['edits']): string {
  let out = '';
  let at = 0;
  for (const edit of edits) {
    out += text.slice(at, edit.from) + edit.insert;
    at = edit.to;
  }
  return out + text.slice(at);
}
