/** JSON that somebody gave: read only where nothing that walks it afterwards can run out of stack. */

/** What this project writes is nested a tenth as deep. */
const MOST_LEVELS = 200;

/** @throws SyntaxError for text that is not JSON, and for lists and objects nested deeper than anything of ours. */
export function parseJson(text: string): unknown {
  requireShallow(text);
  return JSON.parse(text);
}

/** @throws SyntaxError */
export function requireShallow(text: string): void {
  let level = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (quoted) {
      if (code === BACKSLASH) i++;
      else if (code === QUOTE) quoted = false;
    } else if (code === QUOTE) quoted = true;
    else if (code === LIST || code === OBJECT) {
      if (++level > MOST_LEVELS) throw new SyntaxError(`it is nested more than ${MOST_LEVELS} levels deep`);
    } else if (code === LIST_END || code === OBJECT_END) level--;
  }
}

const [QUOTE, BACKSLASH, LIST, LIST_END, OBJECT, OBJECT_END] = [...'"\\[]{}'].map((letter) => letter.charCodeAt(0));
