/** Tells `npm test` of Playwright's tests (see channel.mjs). */
import { shown, tell, textOf } from './channel.mjs';

/** @param {any} test */
const nameOf = (test) => test.titlePath().slice(3).join(' > ');

/** A test that does not run proves nothing: one that is switched off has failed, one that others kept from running was not run. @param {any} test @param {any} result */
function stateOf(test, result) {
  if (result.status === 'skipped') return test.expectedStatus === 'skipped' ? 'failed' : 'not run';
  return result.status === test.expectedStatus ? 'passed' : 'failed';
}

export default class PlaywrightReporter {
  /** Tests that are still to come, by file. @type {Map<string, Set<string>>} */
  #left = new Map();
  /** Time that the tests of a file took, ms. @type {Map<string, number>} */
  #ms = new Map();

  printsToStdio() {
    return false;
  }

  /** @param {any} _config @param {any} suite */
  onBegin(_config, suite) {
    for (const test of suite.allTests()) {
      const file = shown(test.location.file);
      const names = this.#left.get(file) ?? new Set();
      this.#left.set(file, names.add(test.id));
    }
    tell({ type: 'planned', files: [...this.#left].map(([file, names]) => ({ file, tests: names.size })) });
  }

  /** @param {any} test */
  onTestBegin(test) {
    tell({ type: 'began', file: shown(test.location.file), name: nameOf(test) });
  }

  /** @param {any} test @param {any} result */
  onTestEnd(test, result) {
    const file = shown(test.location.file);
    const state = stateOf(test, result);
    const errors = result.errors.map(textOf);
    if (state === 'failed' && errors.length === 0) errors.push('It is switched off (skip or fixme).');
    tell({ type: 'ended', file, name: nameOf(test), state, ms: result.duration, errors });
    const ms = (this.#ms.get(file) ?? 0) + result.duration;
    this.#ms.set(file, ms);
    const left = this.#left.get(file);
    left?.delete(test.id);
    if (left?.size === 0) tell({ type: 'fileEnded', file, ms, errors: [] });
  }

  /** @param {any} error */
  onError(error) {
    tell({ type: 'error', text: textOf(error) });
  }
}
