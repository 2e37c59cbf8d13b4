/** Tells `npm test` of Vitest's tests (see channel.mjs). */
import { shown, tell, textOf } from './channel.mjs';

/** A test that does not run proves nothing: one that is switched off has failed, one whose set-up failed was not run. @param {any} test */
function stateOf(test) {
  const { state } = test.result();
  if (state !== 'skipped') return state;
  return test.options.mode === 'run' ? 'not run' : 'failed';
}

/** Errors of the file and of its groups: hooks and imports. @param {any} group @returns {any[]} */
function errorsOf(group) {
  return [...group.errors(), ...[...group.children.suites()].flatMap(errorsOf)];
}

export default class VitestReporter {
  /** @param {readonly any[]} specifications */
  onTestRunStart(specifications) {
    tell({ type: 'planned', files: specifications.map(({ moduleId }) => ({ file: shown(moduleId) })) });
  }

  /** @param {any} test */
  onTestCaseReady(test) {
    tell({ type: 'began', file: shown(test.module.moduleId), name: test.fullName });
  }

  /** @param {any} test */
  onTestCaseResult(test) {
    const state = stateOf(test);
    const errors = (test.result().errors ?? []).map(textOf);
    if (state === 'failed' && errors.length === 0) errors.push('It is switched off (skip or todo).');
    const ms = test.diagnostic()?.duration ?? 0;
    tell({ type: 'ended', file: shown(test.module.moduleId), name: test.fullName, state, ms, errors });
  }

  /** @param {any} module_ */
  onTestModuleEnd(module_) {
    const file = shown(module_.moduleId);
    const { collectDuration = 0, duration = 0, setupDuration = 0 } = module_.diagnostic();
    tell({
      type: 'fileEnded',
      file,
      ms: collectDuration + setupDuration + duration,
      errors: errorsOf(module_).map(textOf),
    });
  }

  /** @param {readonly any[]} _modules @param {readonly any[]} unhandled */
  onTestRunEnd(_modules, unhandled) {
    for (const error of unhandled) tell({ type: 'error', text: textOf(error) });
  }
}
