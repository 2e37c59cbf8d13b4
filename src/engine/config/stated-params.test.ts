/** What files state against what the form says: a preset's value yields, a chosen one is contradicted. */
import { expect, test } from 'vitest';
import { type Cards, concat, imageUnit } from '../../bundle/test-support/fits.ts';
import { shearWorkload } from '../../workloads/shear/workload.ts';
import { ConfigError, type RunInputs } from '../../workloads/workload.ts';
import { planRun } from '../plan/plan-run.ts';
import { fromJson, parseRunConfig, toJson } from './run-config.ts';

const inputsOf = async (cards: Cards): Promise<RunInputs> => {
  const bytes = concat(imageUnit(new Float32Array(32 * 32), [32, 32], cards, true));
  return { files: { images: (await shearWorkload.files[0].read('m.fits', bytes)).input } };
};
const configOf = (params: object, preset = 'level0') =>
  parseRunConfig({ workload: 'shear', preset, params }, [shearWorkload]);
const plan = async (params: object, cards: Cards, preset?: string) =>
  planRun(shearWorkload, configOf(params, preset), await inputsOf(cards), null);
const HEADER = { CTYPE1: 'RA---TAN', CTYPE2: 'DEC--TAN', CD1_1: 0.3 / 3600, CD1_2: 0, CD2_1: 0, CD2_2: 0.3 / 3600 };

test('a scale of the file takes the place of the preset’s, everywhere in the run, and is said', async () => {
  const { config, configured, stated } = await plan({ psfSigmaArcsec: 0.3 }, HEADER);
  expect(config.params.pixelScaleArcsec).toBe(0.3);
  expect(stated).toEqual(["Pixel scale 0.3 is that of m.fits (CDi_j), in the place of the preset's 0.1."]);
  const problem = configured.prepare(42);
  expect(problem).toMatchObject({ pixelScaleArcsec: 0.3, spec: { hlrPx: 0.5 / 0.3 } });
  expect(problem.notes.join(' ')).toContain('Pixel scale of m.fits by its header: 0.3 arcsec (CDi_j)');
  // A run.json of it says what was used, and is repeated as it was.
  const again = planRun(shearWorkload, fromJson(toJson(config), [shearWorkload]), await inputsOf(HEADER), null);
  expect(again).toMatchObject({ config, stated: [] });
});

test('noise that the file states does the same', async () => {
  const { config, stated } = await plan({}, { GS_SCALE: 0.1, NOISEVAR: 0.04 });
  expect(config.params).toMatchObject({ pixelScaleArcsec: 0.1, noiseSigma: 0.2 });
  expect(stated).toEqual([expect.stringContaining('Pixel noise σ 0.2 is that of m.fits (square root of NOISEVAR)')]);
});

test('a value that was chosen and is another is refused, with both and what to do', async () => {
  const chosen = plan({ pixelScaleArcsec: 0.2, psfSigmaArcsec: 0.3 }, HEADER);
  await expect(chosen).rejects.toThrow(ConfigError);
  await expect(chosen).rejects.toMatchObject({ field: 'params.pixelScaleArcsec' });
  await expect(chosen).rejects.toThrow(
    /0\.2 was chosen, and m\.fits \(CDi_j\) says 0\.3\. Give 0\.3, or the preset's 0\.1/,
  );
  // Of another preset 0.2 is the preset's.
  expect((await plan({}, { GS_SCALE: 0.25 }, 'quick')).config.params.pixelScaleArcsec).toBe(0.25);
});

test('what says the same, and files that say nothing, leave the configuration as it is', async () => {
  const given = configOf({ pixelScaleArcsec: 0.3, psfSigmaArcsec: 0.3 });
  for (const cards of [HEADER, { GS_SCALE: 0.30001 }, {}] as Cards[]) {
    const { config, stated } = planRun(shearWorkload, given, await inputsOf(cards), null);
    expect(config).toBe(given);
    expect(stated).toEqual([]);
  }
  expect(planRun(shearWorkload, given, {}, null).config).toBe(given);
});

test('a noise below the read-out’s, and pixels that are not square, are warned of', async () => {
  const cards = { RDNOISE: 6, GAIN: 2, BUNIT: 'ADU' };
  const concerns = async (cards: Cards) => (await plan({ psfSigmaArcsec: 0.3 }, cards)).configured.concerns?.();
  expect(await concerns(cards)).toEqual([
    expect.stringMatching(/0\.1 is below what the read-out .* 3 \(RDNOISE \/ GAIN\)/),
  ]);
  expect(await concerns({ ...HEADER, CD1_1: 0.306 / 3600 })).toEqual([expect.stringContaining('not square')]);
  expect(await concerns(HEADER)).toEqual([]);
});
