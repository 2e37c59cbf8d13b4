/** The order of test files: those that open a device first, so that none of them is left to run alone at the end. */
import { readFileSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Names by which a test file opens a device or starts another process, itself or through what it calls. */
const LONG = /openTestContext|openNullContext|findNodeGpu|faultyRun|compileWithNaga|connectHost|\/gpu\.ts'|lockstepOk/;

export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const long = new Set(sorted.filter(({ moduleId }) => LONG.test(readFileSync(moduleId, 'utf8'))));
    return [...sorted.filter((file) => long.has(file)), ...sorted.filter((file) => !long.has(file))];
  }
}
