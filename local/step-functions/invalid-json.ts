import type { Diagnostic } from './errors.ts';

/** AWS quotes at most so many characters of a text that is no JSON; longer ones are cut (assumption: Jackson's 500). */
const QUOTED_MAX = 500;

/** Says that a definition is not JSON. A text that begins with a bare word is answered in AWS's (Jackson's) own words. */
export function invalidJson(text: string): Diagnostic {
  const word = /^\s*(?<word>[A-Za-z_$][\w$]*)/.exec(text);
  const column = (word?.[0].length ?? 0) + 1;
  const source = `[Source: (String)"${text.slice(0, QUOTED_MAX)}"; line: 1, column: ${column}]`;
  const reason = word
    ? `Unrecognized token '${word.groups?.['word']}': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')`
    : 'The text is not valid JSON';
  return {
    severity: 'ERROR',
    code: 'INVALID_JSON_DESCRIPTION',
    location: source,
    message: `${reason}\n at ${source}`,
  };
}
