/**
 * What can go wrong on the device. Every error says what happened (message), what is still there (`kept`) and what to do
 * (`todo`), so that the page and the command line show the same three sentences.
 */

export abstract class GpuError extends Error {
  constructor(
    message: string,
    /** What is not lost, in words for the user. */
    readonly kept: string,
    /** The next step, in words for the user. */
    readonly todo: string,
  ) {
    super(message);
  }
}

/** This browser or runtime gives no WebGPU adapter. */
export class NoAdapterError extends GpuError {
  override readonly name = 'NoAdapterError';
  constructor(message: string, todo: string) {
    super(message, 'Nothing had started.', todo);
  }
}

/** The device is gone: the driver reset it, the machine slept, or `destroy` was called (`reason` "destroyed"). */
export class DeviceLostError extends GpuError {
  override readonly name = 'DeviceLostError';
  constructor(
    readonly reason: string,
    detail: string,
  ) {
    super(
      reason === 'destroyed'
        ? 'The GPU device was closed.'
        : `The GPU device was lost (${reason}${detail ? `: ${detail}` : ''}).`,
      'Every finished item is kept; the chunk in flight is not.',
      'Run again: it goes on where it stopped. If it happens often, choose a smaller batch.',
    );
  }
}

/** The device has not enough memory for the plan. */
export class OutOfMemoryError extends GpuError {
  override readonly name = 'OutOfMemoryError';
  constructor(
    /** Bytes of the whole plan. */
    readonly bytes: number,
    detail: string,
  ) {
    super(
      `The GPU has no room for ${formatBytes(bytes)}${detail ? ` (${detail})` : ''}.`,
      'Every finished item is kept; all buffers of this plan were freed.',
      'Choose a smaller batch, or close other tabs and programs that use the GPU.',
    );
  }
}

/** One buffer of a plan is larger than this device allows, however much memory is free. */
export class LimitError extends GpuError {
  override readonly name = 'LimitError';
  constructor(
    readonly buffer: string,
    readonly bytes: number,
    /** Name of the WebGPU limit, e.g. `maxBufferSize`. */
    readonly limitName: string,
    readonly limit: number,
  ) {
    super(
      `Buffer "${buffer}" needs ${formatBytes(bytes)}, more than this device's ${limitName} of ${formatBytes(limit)}.`,
      'Nothing was allocated.',
      'Choose a smaller batch.',
    );
  }
}

/** WebGPU refused a call: a fault of this program, never of the user's input. */
export class ValidationError extends GpuError {
  override readonly name = 'ValidationError';
  constructor(detail: string) {
    super(
      `WebGPU refused an operation: ${detail}`,
      'Every finished item is kept.',
      'This is a defect of the program or the driver: please report it with this message and the name of the adapter.',
    );
  }
}

/** A message of the WGSL compiler, mapped back to the file it came from. */
export interface ShaderMessage {
  /** Path under `shaders/`, or the root module where the position could not be mapped. */
  readonly file: string;
  /** 1-based; 0 when the compiler gave no position. */
  readonly line: number;
  readonly column: number;
  readonly text: string;
  /** The source line. */
  readonly excerpt: string;
}

/** A shader did not compile. */
export class ShaderError extends GpuError {
  override readonly name = 'ShaderError';
  constructor(
    readonly module: string,
    readonly messages: readonly ShaderMessage[],
  ) {
    super(
      `Shader "${module}" does not compile:\n${messages.map(formatMessage).join('\n')}`,
      'Every finished item is kept.',
      'This is a defect of the program or the driver: please report it with this message and the name of the adapter.',
    );
  }
}

function formatMessage(message: ShaderMessage): string {
  const place = message.line > 0 ? `${message.file}:${message.line}:${message.column}` : message.file;
  return message.excerpt ? `${place}: ${message.text}\n    ${message.excerpt.trim()}` : `${place}: ${message.text}`;
}

/** Bytes in words, binary units: 412.0 MiB. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return unit === 0 ? `${value} B` : `${value.toFixed(1)} ${units[unit]}`;
}
