/** WGSL into coloured pieces: enough to read by, not a parser. */

export type TokenKind = 'plain' | 'comment' | 'keyword' | 'type' | 'number' | 'attribute';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

const PATTERNS: readonly (readonly [TokenKind, RegExp])[] = [
  ['comment', /\/\/.*/y],
  ['attribute', /@\w+/y],
  [
    'keyword',
    /\b(?:fn|let|var|const|override|struct|if|else|for|while|loop|return|break|continue|continuing|switch|case|default|enable|requires|alias|discard|true|false)\b/y,
  ],
  [
    'type',
    /\b(?:u32|i32|f32|f16|bool|vec[234][fiuh]?|mat[234]x[234][fh]?|array|atomic|ptr|storage|workgroup|uniform|function|private|read_write|read)\b/y,
  ],
  ['number', /\b(?:0x[0-9a-fA-F]+|\d+\.?\d*(?:[eE][+-]?\d+)?)[fhiu]?\b/y],
  ['plain', /\w+|\s+|[^\w\s]/y],
];

/** Tokens of each line. Joined texts give back the source. */
export function highlight(source: string): Token[][] {
  return source.split('\n').map((line) => {
    const tokens: Token[] = [];
    for (let at = 0; at < line.length; ) {
      const token = next(line, at);
      const last = tokens.at(-1);
      if (last?.kind === token.kind) tokens[tokens.length - 1] = { kind: last.kind, text: last.text + token.text };
      else tokens.push(token);
      at += token.text.length;
    }
    return tokens;
  });
}

function next(line: string, at: number): Token {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const found = pattern.exec(line);
    if (found) return { kind, text: found[0] };
  }
  return { kind: 'plain', text: line[at] };
}
