/** What drivers print is left out, and nothing else, wherever the text is cut into pieces. */
import { expect, test } from 'vitest';
import { withoutDriverNoise } from './driver-noise.mjs';

const NOISE = [
  'Warning: Vulkan shaderUniform*ArrayDynamicIndexing required.',
  ' - While initializing adapter (backend=BackendType::Vulkan)',
  '    at InitializeImpl (/home/runner/dawn/src/dawn/native/vulkan/PhysicalDeviceVk.cpp:257)',
  '',
  '',
].join('\n');

function shown(text: string, size: number): string {
  let out = '';
  const { take, end } = withoutDriverNoise((part) => {
    out += part;
  });
  for (let at = 0; at < text.length; at += size) take(text.slice(at, at + size));
  end();
  return out;
}

test.each([1, 2, 7, 50, 1000])('the very lines go, in pieces of %i, and all else stays', (size) => {
  expect(shown(`before\n${NOISE}after\n`, size)).toBe('before\nafter\n');
  expect(shown(`${NOISE}${NOISE}error: no adapter`, size)).toBe('error: no adapter');
  const warning = 'Warning: Vulkan shaderUniform*ArrayDynamicIndexing required.\nerror: the device is lost\n';
  expect(shown(warning, size)).toBe(warning);
  const other = 'Warning: Vulkan is old.\n - While initializing adapter (backend=BackendType::Vulkan)\n\n';
  expect(shown(other, size)).toBe(other);
});

test('a line that is drawn over is not kept waiting', () => {
  const parts: string[] = [];
  const { take } = withoutDriverNoise((part) => parts.push(part));
  take('\r\x1b[2K10 %');
  take('\r\x1b[2K20 %');
  expect(parts).toEqual(['\r\x1b[2K10 %', '\r\x1b[2K20 %']);
});
