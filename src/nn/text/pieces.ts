/** What every token adds to a text. */

/** A decoder of tokenizer.json, as far as pieces ask. */
interface DecoderConfig {
  readonly type?: string;
  /** Of WordPiece: what begins a token that goes on with a word, and whether signs stand without a space. */
  readonly prefix?: string;
  readonly cleanup?: boolean;
  readonly decoders?: readonly DecoderConfig[];
}

/** Letters that GPT-2's tokenizer writes bytes as: printable ones stand for themselves, the others for U+0100 and on, in order. */
const BYTES = (() => {
  const printable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);
  const letters = new Map<string, number>();
  let next = 0x100;
  for (let byte = 0; byte < 256; byte++) letters.set(String.fromCodePoint(printable(byte) ? byte : next++), byte);
  return letters;
})();

/** What Hugging Face's clean-up puts behind a word without a space. */
const CLEANED = /^([.?!,]|n't|'m|'s|'ve|'re)$/;

const FALLBACK = /^<0x([0-9A-Fa-f]{2})>$/;

/**
 * @param tokens as the vocabulary has them @param special which of them are no text: they stay as they are
 * @param decoder of tokenizer.json: it says how words, spaces and bytes are written
 */
export function piecesOf(
  tokens: readonly string[],
  special: readonly boolean[],
  decoder: DecoderConfig | undefined,
): string[] {
  const kinds = new Set(kindsOf(decoder));
  const utf8 = new TextDecoder();
  const bytesIn = (token: string): Uint8Array => {
    if (kinds.has('ByteLevel') && [...token].every((letter) => BYTES.has(letter)))
      return Uint8Array.from([...token], (letter) => BYTES.get(letter)!);
    const byte = kinds.has('ByteFallback') ? FALLBACK.exec(token)?.[1] : undefined;
    if (byte !== undefined) return Uint8Array.of(Number.parseInt(byte, 16));
    return new TextEncoder().encode(spaced(token));
  };
  const wordPiece = decoder?.type === 'WordPiece' ? decoder : undefined;
  const first = special.indexOf(false);
  const joined = (token: string, i: number) => {
    if (wordPiece?.prefix && token.startsWith(wordPiece.prefix)) return token.slice(wordPiece.prefix.length);
    if (wordPiece) return i <= first || (wordPiece.cleanup && CLEANED.test(token)) ? token : ` ${token}`;
    return i > 0 && !kinds.size ? ` ${token}` : token;
  };
  const spaced = (token: string) => (kinds.has('ByteLevel') ? token : token.replaceAll('▁', ' '));
  return tokens.map((token, i) => {
    // What a special token interrupts is no character any more.
    if (special[i]) return utf8.decode() + token;
    const rest = i + 1 < tokens.length;
    return utf8.decode(bytesIn(joined(token, i)), { stream: rest });
  });
}

function kindsOf(decoder: DecoderConfig | undefined): string[] {
  if (!decoder) return [];
  return [decoder.type ?? '', ...(decoder.decoders ?? []).flatMap(kindsOf)];
}

/** The same with spaces and line breaks that can be seen. */
export function visiblePiece(piece: string): string {
  return piece.replaceAll(' ', '·').replaceAll('\n', '↵').replaceAll('\t', '→');
}
