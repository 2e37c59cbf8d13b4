/** What is known of a stage while its tool runs: lines for the screen, file by file, and the count at its end. */

/** @typedef {{ passed: number, failed: number }} Count */
/** @typedef {{ file: string, name: string, ms: number }} Timing a test and how long it took */

/** Minutes and seconds, "4:07". @param {number} ms */
export function clock(ms) {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** @param {number} n @param {string} noun */
const some = (n, noun) => `${n} ${noun}${n === 1 ? '' : 's'}`;

export class StageProgress {
  /** Files to come, with the number of their tests where the tool knows it. @type {Map<string, number | undefined>} */
  #planned = new Map();
  /** @type {Map<string, { passed: number, failed: number, notRun: number }>} */
  #files = new Map();
  /** @type {Set<string>} */
  #under = new Set();
  #failed = 0;
  /** @type {Timing[]} */
  timings = [];

  /** @param {(line: string) => void} print @param {() => number} now ms since all began */
  constructor(print, now) {
    this.print = print;
    this.now = now;
  }

  /** Takes a message of a reporter (channel.mjs). @param {any} message */
  receive(message) {
    const { type, file, name } = message;
    if (type === 'planned') {
      for (const { file: path, tests } of message.files) this.#planned.set(path, tests);
      this.print(`${clock(this.now()).padStart(6)}  ${some(message.files.length, 'file')}`);
    }
    if (type === 'began') this.#under.add(`${file} › ${name}`);
    if (type === 'ended') this.#ended(message);
    if (type === 'fileEnded') this.#fileEnded(message);
    if (type === 'error') this.#problem('outside of any test', [message.text]);
  }

  /** @param {{ file: string, name: string, state: string, ms: number, errors: string[] }} test */
  #ended({ file, name, state, ms, errors }) {
    this.#under.delete(`${file} › ${name}`);
    const counts = this.#of(file);
    if (state === 'not run') counts.notRun++;
    else counts[state === 'passed' ? 'passed' : 'failed']++;
    this.timings.push({ file, name, ms });
    if (state === 'failed') this.#say(`✗ ${file} › ${name}`, errors);
  }

  /** @param {{ file: string, ms: number, errors: string[] }} end */
  #fileEnded({ file, ms, errors }) {
    this.#planned.delete(file);
    if (errors.length > 0) this.#problem(file, errors);
    const { passed, failed, notRun } = this.#of(file);
    const bad = failed > 0 || notRun > 0 || errors.length > 0;
    const also = [failed > 0 && `${failed} failed`, notRun > 0 && `${notRun} not run`].filter(Boolean).join(', ');
    this.print(
      `${clock(this.now()).padStart(6)}  ${bad ? '✗' : '✓'} ${file}  ${passed} passed${also && `, ${also}`}, ${(ms / 1000).toFixed(1)} s`,
    );
  }

  /** Something that is no test has failed: counted, so that nothing that went wrong is green. @param {string} where @param {string[]} errors */
  #problem(where, errors) {
    this.#failed++;
    this.#say(`✗ ${where}`, errors);
  }

  /** @param {string} title @param {string[]} texts */
  #say(title, texts) {
    const lines = texts.flatMap((text) => text.split('\n'));
    this.print([title, ...lines.map((line) => `    ${line}`)].join('\n'));
  }

  /** @param {string} file */
  #of(file) {
    const counts = this.#files.get(file) ?? { passed: 0, failed: 0, notRun: 0 };
    this.#files.set(file, counts);
    return counts;
  }

  /** Tests that are under way: what hangs is among them. @returns {string[]} */
  get under() {
    return [...this.#under];
  }

  /** @returns {Count} */
  get count() {
    const files = [...this.#files.values()];
    return {
      passed: files.reduce((sum, { passed }) => sum + passed, 0),
      failed: this.#failed + files.reduce((sum, { failed }) => sum + failed, 0),
    };
  }

  /** What was planned and did not come, in words; undefined where all came. @returns {string | undefined} */
  get notRun() {
    const inFiles = [...this.#files.values()].reduce((sum, { notRun }) => sum + notRun, 0);
    const seen = (/** @type {string} */ file) => {
      const counts = this.#files.get(file);
      return counts ? counts.passed + counts.failed + counts.notRun : 0;
    };
    const lost = [...this.#planned].map(([file, tests]) => (tests === undefined ? 0 : tests - seen(file)));
    const unknown = [...this.#planned].filter(([, tests]) => tests === undefined).map(([file]) => file);
    const tests = inFiles + lost.reduce((sum, n) => sum + n, 0);
    const parts = [
      ...(tests > 0 ? [some(tests, 'test')] : []),
      ...(unknown.length > 0
        ? [
            `what was left of ${some(unknown.length, 'file')} (${unknown.slice(0, 4).join(', ')}${unknown.length > 4 ? ', …' : ''})`,
          ]
        : []),
    ];
    return parts.length > 0 ? parts.join(' and ') : undefined;
  }
}
