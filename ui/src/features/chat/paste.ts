/** Words that begin a statement of a script. */
const statement = /^\s*(?:dialog|task|say|ask|log|buttons|open|invoke|remember|constants|http_(?:get|post|put|patch|delete)|\w+\s*=\s*(?:ask|get_\w+|http_\w+|oauth_link)\b)(?=[\s("[]|$)/;
const helpers = /\b(?:oauth_link|get_token_info|get_access_token|get_full_token|delete_token|http_(?:get|post|put|patch|delete))\b/;

/** Whether a pasted text is a script: a line that begins one, or a call that only scripts have. */
export function looksLikeScript(text: string): boolean {
  if (text.length > 200_000 || text.trim() === '') return false;
  return helpers.test(text) || text.split('\n').some((line) => statement.test(line) && line.trim().includes(' '));
}
