/** FITS headers: 80-byte cards in blocks of 2880 bytes (FITS standard 4.0, sections 3 and 4). */
import { FileError } from './file-error.ts';

export const fitsBlockBytes = 2880;
const cardBytes = 80;
/** A header this long is damage or a trap: 1,000 blocks are 36,000 cards. */
const maxHeaderBlocks = 1000;

export type FitsHeader = ReadonlyMap<string, string | number | boolean>;

/**
 * Reads the header that begins at `offset`.
 * @throws FileError where END is missing.
 */
export function readFitsHeader(
  file: string,
  bytes: Uint8Array,
  offset: number,
): { header: FitsHeader; dataOffset: number } {
  const header = new Map<string, string | number | boolean>();
  const decoder = new TextDecoder('latin1');
  const limit = Math.min(bytes.length, offset + maxHeaderBlocks * fitsBlockBytes);
  for (let at = offset; at + cardBytes <= limit; at += cardBytes) {
    const card = decoder.decode(bytes.subarray(at, at + cardBytes));
    const keyword = card.slice(0, 8).trimEnd();
    if (keyword === 'END') {
      const blocks = Math.ceil((at + cardBytes - offset) / fitsBlockBytes);
      return { header, dataOffset: offset + blocks * fitsBlockBytes };
    }
    if (card.slice(8, 10) === '= ') {
      const value = parseValue(card.slice(10));
      if (value !== undefined) {
        header.set(keyword, value);
      }
    }
  }
  if (limit < bytes.length) {
    throw new FileError(
      file,
      `the header has no END card within ${maxHeaderBlocks} blocks`,
      'Write the file again with a plain header.',
    );
  }
  throw new FileError(
    file,
    `truncated: the file ends after ${bytes.length} bytes, inside its header`,
    'Copy or write the file again.',
  );
}

/** Value of a card: 'text', T or F, or a number (Fortran's D exponent too); undefined where there is none. */
function parseValue(field: string): string | number | boolean | undefined {
  const text = /^\s*'((?:[^']|'')*)'/.exec(field);
  if (text) {
    return text[1].replaceAll("''", "'").trimEnd();
  }
  const plain = field.split('/')[0].trim();
  if (plain === 'T' || plain === 'F') {
    return plain === 'T';
  }
  const number = Number(plain.replace(/d/i, 'e'));
  return plain === '' || Number.isNaN(number) ? undefined : number;
}

/** One header card, 80 characters. */
export function fitsCard(keyword: string, value: string | number | boolean): string {
  const text = typeof value === 'string' ? `'${value.padEnd(8)}'`.padEnd(20) : formatValue(value).padStart(20);
  return `${keyword.padEnd(8)}= ${text}`.padEnd(cardBytes);
}

function formatValue(value: number | boolean): string {
  return typeof value === 'boolean' ? (value ? 'T' : 'F') : String(value);
}
