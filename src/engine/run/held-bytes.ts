/** Bytes of the binary data that plain data holds: every `ArrayBuffer` behind a typed array once, whole, as it lies in memory. */
export function heldBytes(data: unknown): number {
  const buffers = new Set<ArrayBufferLike>();
  const seen = new Set<object>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    if (ArrayBuffer.isView(value)) buffers.add(value.buffer);
    else if (value instanceof ArrayBuffer) buffers.add(value);
    // Lists of numbers are long, and hold nothing.
    else if (!Array.isArray(value) || typeof value[0] === 'object')
      for (const inner of Object.values(value)) visit(inner);
  };
  visit(data);
  let bytes = 0;
  for (const buffer of buffers) bytes += buffer.byteLength;
  return bytes;
}
