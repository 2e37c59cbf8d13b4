/** The batch table as lines of text. */
import { MEMORY_CLASS_LABELS, type MemoryClass } from '../batch/memory-class.ts';
import { presetSize } from '../batch/sizes.ts';
import { batchTable } from '../batch/table.ts';

export function sizeLines(memoryClass: MemoryClass): string[] {
  const rows = batchTable.map((entry) => [
    entry.key,
    presetSize(entry, memoryClass).toLocaleString('en-US'),
    `${entry.minimum.toLocaleString('en-US')} to ${entry.maximum.toLocaleString('en-US')} ${entry.unit}`,
    entry.kind,
    entry.changes,
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column].length)));
  return [
    `Memory class ${memoryClass}: ${MEMORY_CLASS_LABELS[memoryClass]}`,
    ...rows.map((row) => row.map((cell, i) => (i < 4 ? cell.padEnd(widths[i]) : cell)).join('  ')),
  ];
}
