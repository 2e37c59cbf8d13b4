/**
 * What native libraries print past the program: said once more by nobody, understood by few, and about a driver that is then not used. Only
 * these very lines are left out; whatever else comes in their place or among them is shown.
 */

/** Dawn, of a driver that lacks something and that it passes over: these lines, one after the other. */
const DAWN = [
  /^Warning: Vulkan shaderUniform\*ArrayDynamicIndexing required\.$/,
  /^ - While initializing adapter \(backend=BackendType::Vulkan\)$/,
  /^ {4}at InitializeImpl \(.*PhysicalDeviceVk\.cpp:\d+\)$/,
  /^$/,
];
/** As the first line begins: what may still become it waits for its end. */
const BEGINNING = 'Warning: Vulkan shaderUniform*ArrayDynamicIndexing required.';

/**
 * Takes text in pieces, wherever they are cut, and hands on all but the noise at once.
 * @param {(text: string) => void} write
 * @returns {{ take(text: string): void, end(): void }}
 */
export function withoutDriverNoise(write) {
  let waiting = '';
  /** Lines of the noise that have come, which are shown after all where another follows. */
  let seen = '';
  let at = 0;
  /** @param {string} line with its end @param {string} text without */
  const line = (line, text) => {
    if (DAWN[at].test(text)) {
      seen += line;
      at++;
      if (at === DAWN.length) [seen, at] = ['', 0];
      return;
    }
    // All that matters of it has come.
    const shown = at === DAWN.length - 1 ? '' : seen;
    [seen, at] = ['', 0];
    if (DAWN[0].test(text)) {
      write(shown);
      [seen, at] = [line, 1];
    } else write(shown + line);
  };
  return {
    take(text) {
      const lines = (waiting + text).split('\n');
      waiting = lines.pop() ?? '';
      for (const each of lines) line(`${each}\n`, each);
      // A line that is drawn over and over has no end.
      const mayBeNoise = at > 0 ? waiting.length < 300 && !waiting.includes('\r') : BEGINNING.startsWith(waiting);
      if (waiting === '' || mayBeNoise) return;
      const shown = at === DAWN.length - 1 ? '' : seen;
      write(shown + waiting);
      [waiting, seen, at] = ['', '', 0];
    },
    end() {
      write((at === DAWN.length - 1 ? '' : seen) + waiting);
    },
  };
}

/** Hands on to our standard error what a child says on its own, without that. @param {import('node:stream').Readable} stream */
export function handOnWithoutNoise(stream) {
  // A reader that is gone, or a full disk, ends no run.
  process.stderr.on('error', () => {});
  const { take, end } = withoutDriverNoise((text) => process.stderr.write(text));
  stream.setEncoding('utf8');
  stream.on('data', take);
  stream.on('end', end);
}

/** Name of the variable that tells a program whose standard error goes through a pipe to a terminal how wide that is. */
export const COLUMNS_VARIABLE = 'LOCKSTEP_TERMINAL_COLUMNS';
