/** The flags of `npm test` and `npm run validate`. */

/** @typedef {{ only: string[] | undefined, changed: string | undefined, slowest: number }} TestOptions */

/** @param {readonly string[]} stages */
const usage = (stages) => `There are --only STAGE (${stages.join(', ')}), --changed [COMMIT], --slowest [N].`;

/**
 * Throws an error that names the flag and what may stand there.
 * @param {readonly string[]} stages names that `--only` takes @param {readonly string[]} [given]
 * @returns {TestOptions}
 */
export function parseOptions(stages, given = process.argv.slice(2)) {
  /** @type {TestOptions} */
  const options = { only: undefined, changed: undefined, slowest: 0 };
  const rest = given.flatMap((text) =>
    /^--\w+=/.test(text) ? [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)] : [text],
  );
  const value = () => (rest[0] === undefined || rest[0].startsWith('--') ? undefined : rest.shift());
  while (rest.length > 0) {
    const flag = rest.shift();
    if (flag === '--only') {
      const names = (value() ?? '').split(',');
      const unknown = names.find((name) => !stages.includes(name));
      if (unknown !== undefined) throw new Error(`--only: "${unknown}" is not a stage. Stages: ${stages.join(', ')}.`);
      options.only = [...(options.only ?? []), ...names];
    } else if (flag === '--changed') {
      options.changed = value() ?? 'HEAD';
    } else if (flag === '--slowest') {
      options.slowest = Number(value() ?? 20);
      if (!Number.isInteger(options.slowest) || options.slowest < 0)
        throw new Error('--slowest: expected a whole number of tests to list.');
    } else {
      throw new Error(`"${flag}" is no option. ${usage(stages)}`);
    }
  }
  return options;
}

/** As `parseOptions`; a wrong command line ends the process with its message. @param {readonly string[]} stages */
export function readOptions(stages) {
  if (process.argv.includes('--help')) {
    console.log(usage(stages));
    return process.exit(0);
  }
  try {
    return parseOptions(stages);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return process.exit(2);
  }
}
