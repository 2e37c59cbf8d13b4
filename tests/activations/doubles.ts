/** Arrays of a safetensors file of the references, F32 and F64, as they lie. */
import { readFileSync } from 'node:fs';

export function readDoubles(path: string): (name: string) => Float64Array<ArrayBuffer> {
  const bytes = new Uint8Array(readFileSync(path));
  const view = new DataView(bytes.buffer);
  const start = 8 + Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start)));
  return (name) => {
    const { dtype, data_offsets: offsets } = header[name];
    const width = dtype === 'F64' ? 8 : 4;
    return Float64Array.from({ length: (offsets[1] - offsets[0]) / width }, (_, i) => {
      const at = start + offsets[0] + i * width;
      return width === 8 ? view.getFloat64(at, true) : view.getFloat32(at, true);
    });
  };
}
