import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { smallPosterior } from '../../bundle/fixtures/posterior.ts';
import { runPython } from '../../bundle/fixtures/tools.ts';
import { writePosteriorNetcdf } from '../../bundle/netcdf.ts';
import { bundleReadme } from '../../bundle/readme.ts';
import { posteriorAbout } from './about.ts';
import type { PosteriorItem } from './item.ts';
import { LOAD_PY } from './load-py.ts';
import { posteriorAllFile } from './posterior-all.ts';

const folder = mkdtempSync(join(tmpdir(), 'lockstep-readme-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('README.md', () => {
  it('shows Python that runs as written', async () => {
    const runId = 'g1_+0.0100_g2_+0.0000_s42';
    const text = bundleReadme({
      title: 'Batched shear inference',
      appVersion: '0.1.0',
      itemName: { one: 'realization', many: 'realizations' },
      items: 2,
      results: posteriorAbout({
        itemName: { one: 'realization', many: 'realizations' },
        items: [{ info: { runId }, fit: { mean: [] } }] as unknown as PosteriorItem[],
        parameters: ['g1', 'g2', 'x', 'y'].map((name) => ({ name })),
        plots: true,
      }),
      notes: ['2 of 2 converged'],
    });
    expect(text).toContain('2 realizations, each with a posterior of its own');
    expect(text).toContain('- 2 of 2 converged');
    expect(text).toContain('rerun it with `npm run lockstep -- run --config run.json` |');
    for (const id of [runId, 'g1_+0.0100_g2_+0.0000_s43']) {
      mkdirSync(join(folder, id));
      writeFileSync(join(folder, id, 'posterior.nc'), await writePosteriorNetcdf(smallPosterior()));
    }
    const { attributes, ...posterior } = smallPosterior();
    const items = [runId, 'g1_+0.0100_g2_+0.0000_s43'].map((id) => ({ ...posterior, runId: id, seed: 42, truth: {} }));
    const pieces: Uint8Array[] = [];
    for await (const piece of posteriorAllFile({ items, attributes, inferenceMethod: 'hmc' }).pieces)
      pieces.push(piece);
    writeFileSync(join(folder, 'posterior_all.nc'), Buffer.concat(pieces));
    writeFileSync(join(folder, 'load.py'), LOAD_PY);
    const blocks = [...text.matchAll(/```python\n([\s\S]*?)```/g)].map((match) => match[1]);
    const runnable = blocks.filter((block) => !block.includes('import arviz'));
    expect(runnable).toHaveLength(2);
    const script = join(folder, 'readme.py');
    writeFileSync(
      script,
      `import os; os.chdir(${JSON.stringify(folder)})\n${runnable.join('\n')}\nprint(draws.shape, first.g1.dims, constants["run_id"][1])`,
    );
    const out = runPython(script);
    expect(out).toContain('2 divergent transitions');
    expect(out).toMatch(/realization_index: 2[\s\S]*g1 +\(realization_index\)/);
    expect(out).toContain("(2, 3, 5) ('chain', 'draw') g1_+0.0100_g2_+0.0000_s43");
  });
});
