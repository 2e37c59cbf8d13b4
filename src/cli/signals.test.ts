/** Requests to end, and streams that take no more. */

import process from 'node:process';
import { PassThrough } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { EXIT } from './exit.ts';
import { Interrupts } from './signals.ts';
import { errorStream, outputStream } from './streams.ts';

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s stops in order, once however often it is passed on, and the exit code tells it', (signal, code) => {
  const interrupts = new Interrupts();
  const stop = vi.fn();
  const release = interrupts.onInterrupt(stop);
  process.emit(signal, signal);
  process.emit(signal, signal);
  release();
  expect(stop).toHaveBeenCalledOnce();
  expect(process.listenerCount(signal)).toBe(0);
  expect(interrupts.exitCode(EXIT.interrupted)).toBe(code);
  // What failed for another reason says so.
  expect(interrupts.exitCode(EXIT.failed)).toBe(EXIT.failed);
});

/** A stream that has no room. */
const full = (how: 'call' | 'event') => {
  const stream = new PassThrough();
  const error = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  stream.write = () => {
    if (how === 'call') throw error;
    stream.emit('error', error);
    return false;
  };
  return stream as unknown as NodeJS.WriteStream;
};

test.each(['call', 'event'] as const)(
  'a full standard error loses its lines, a full output is told once (%s)',
  (how) => {
    expect(() => errorStream(full(how)).write('a line')).not.toThrow();
    const told: string[] = [];
    const failed = vi.fn();
    const out = outputStream({ write: (text) => told.push(text) }, failed, full(how));
    out.write('one');
    out.write('two');
    expect(told).toEqual([
      'error: standard output could not be written: the disk is full (ENOSPC). Files are not touched by it.\n',
    ]);
    expect(failed).toHaveBeenCalledOnce();
  },
);
