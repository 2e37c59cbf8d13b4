/**
 * How long anything may take before it counts as hanging. No speed of a machine is tested by these: SwiftShader on two loaded cores is
 * ten times slower than on two quiet ones, and a machine of a quarter of that speed must pass as well. All of them lie below the ten
 * minutes after which `npm test` ends a tool that tells of nothing, so that the test that hangs is named.
 */

/** A whole test, or the set-up of a file, ms. */
export const TEST_MS = 9 * 60_000;

/** A single test of `npm run validate`, ms. */
export const LONG_TEST_MS = 60 * 60_000;

/** What the page answers without the engine: a tab, a dialog, a message, ms. */
export const STEP_MS = 90_000;

/** What the engine has to compute: a run, a tuning, a training, a device opened anew, ms. */
export const WORK_MS = 8 * 60_000;
