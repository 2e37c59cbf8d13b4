/** The batch table as lines of text: group by group, each size with its value, range and kind, then what it changes and takes. */

import type { BatchEntry } from '../batch/entry.ts';
import { KIND_MEANINGS } from '../batch/kinds.ts';
import type { MemoryClass } from '../batch/memory-class.ts';
import { presetSize, type SizeOverrides, sizesFor } from '../batch/sizes.ts';
import type { SizeKey } from '../batch/table.ts';
import { wordsOf } from '../batch/words.ts';
import { formatBytes } from '../engine/bytes.ts';
import { listedSizes } from '../workloads/sizes-of.ts';
import { align } from './align.ts';

const entries: readonly BatchEntry[] = listedSizes();
const INDENT = '    ';
/** Wider text is hard to read, however wide the terminal. */
const WIDEST = 110;
const NARROWEST = 40;

/** `columns`: width of the terminal. A star marks values that differ from the class's own. */
export function sizeLines(memoryClass: MemoryClass, overrides: SizeOverrides = {}, columns = 80): string[] {
  const width = Math.max(NARROWEST, Math.min(WIDEST, columns));
  const groups = [...new Set(entries.map(({ group }) => group))];
  const heads = align(entries.map((entry) => headOf(entry, memoryClass, overrides)));
  return [
    ...(Object.keys(overrides).length > 0 ? ['A * marks what differs from the memory class.'] : []),
    ...groups.flatMap((group) => [
      '',
      group,
      ...entries.flatMap((entry, i) => {
        if (entry.group !== group) return [];
        const inside = entry.inside ? `Inside ${entry.inside}. ` : '';
        const indent = entry.inside ? INDENT.repeat(2) : INDENT;
        return [
          `  ${heads[i]}`,
          ...wrap(
            `${inside}${wordsOf(entry).changes} Memory (${entry.where.toUpperCase()}): ${wordsOf(entry).memory}`,
            indent,
            width,
          ),
        ];
      }),
    ]),
    '',
    'Kinds, and what changing a size of each may change:',
    ...Object.entries(KIND_MEANINGS).flatMap(([kind, meaning]) => [`  ${kind}`, ...wrap(meaning, INDENT, width)]),
    '',
    ...wrap(
      'Change one with --size key=value, the batch size itself with --batch-size, the class with --memory-class.',
      '',
      width,
    ),
  ].flatMap((line) => (line.length > width && !line.startsWith(' ') ? wrap(line, '', width) : [line]));
}

function headOf(entry: BatchEntry, memoryClass: MemoryClass, overrides: SizeOverrides): string[] {
  const value = sizesFor(memoryClass, overrides)[entry.key as SizeKey];
  const bytes = entry.unit === 'bytes';
  const sized = (size: number) => (bytes ? formatBytes(size).replace(/ \(.*/, '') : size.toLocaleString('en-US'));
  const range = `${sized(entry.minimum)} to ${sized(entry.maximum)}${bytes ? '' : ` ${entry.unit}`}`;
  return [
    `${entry.inside ? '└ ' : ''}${entry.key}`,
    `${value.toLocaleString('en-US')}${value === presetSize(entry, memoryClass) ? '' : ' *'}`,
    `${range}${entry.powerOfTwo ? ', a power of two' : ''}`,
    entry.kind,
  ];
}

/** Words in lines of at most `width`. */
function wrap(text: string, indent: string, width: number): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.length > indent.length && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent;
    }
    line += line.length > indent.length ? ` ${word}` : word;
  }
  return [...lines, line];
}
