import type { Token, TokenKind } from '../src/api/bindings';

/** A rough stand-in for the engine's colours, good enough for pictures and tests. */
const scripts: [TokenKind, RegExp][] = [
  ['comment', /#(?!\{).*/y],
  ['string', /"(?:[^"\\]|\\.)*"/y],
  ['keyword', /\b(?:dialog|do|end|say|ask|log|if|else|event|invoke|remember|buttons|open|constants)\b/y],
  ['function', /\b[a-z_]+(?=\()|\b(?:http_get|http_post|oauth_link)\b/y],
  ['constant', /@\w+|\b(?:true|false|nil)\b|:\w+/y],
  ['key', /\b\w+:(?= )/y],
  ['number', /\b\d+(?:\.\d+)?\b/y],
  ['punctuation', /[=+\-*/().,[\]{}<>]/y],
];
const manifests: [TokenKind, RegExp][] = [
  ['comment', /#.*/y],
  ['key', /[\w]+(?=:)/y],
  ['string', /"[^"]*"/y],
  ['punctuation', /:(?=\s)|-(?= )/y],
  ['constant', /\b(?:true|false|null)\b/y],
];

export function colour(file: string, text: string): Token[] {
  const rules = file.endsWith('.bubble') ? scripts : manifests;
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    const hit = rules.map(([kind, rule]) => ({ kind, length: match(rule, text, at) })).find(({ length }) => length > 0);
    if (hit) tokens.push({ from: at, to: at + hit.length, kind: hit.kind });
    at += hit?.length ?? (text.slice(at).match(/^\w+/)?.[0].length || 1);
  }
  return tokens;
}

function match(rule: RegExp, text: string, at: number): number {
  rule.lastIndex = at;
  return rule.exec(text)?.[0].length ?? 0;
}
