/** Network, θ and items of a run, with all that computes. Loaded with the first use of the experiment. */
import type { ParamValues } from '../params.ts';
import { ConfigError, type RunInputs } from '../workload.ts';
import type { Analysed } from './analysed.ts';
import { configured, stagesOf } from './configured.ts';
import { networkOf, rowsOf } from './files/roles.ts';
import { readAnalysisParams } from './params.ts';
import { networkWithRows } from './rows-source.ts';
import { modelWithTexts } from './texts-source.ts';

export interface LoadedAnalysis extends Analysed {
  /** What configures a run once network and items are there. */
  readonly code: { readonly configured: typeof configured; readonly stagesOf: typeof stagesOf };
}

/** @throws ConfigError where network and items do not go together; FileError for a file that is damaged */
export async function loadAnalysis(values: ParamValues, inputs: RunInputs): Promise<LoadedAnalysis> {
  const params = readAnalysisParams(values);
  const [network, rows] = [networkOf(inputs), rowsOf(inputs)];
  if (rows && !network)
    throw new ConfigError(
      'rows',
      `${rows.name} has rows of numbers, and a language model reads texts: give the network that takes them (--network), or texts.`,
    );
  const analysed = network ? networkWithRows(network, inputs) : await modelWithTexts(params, inputs);
  return { ...analysed, code: { configured, stagesOf } };
}
