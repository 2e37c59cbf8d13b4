import { describe, expect, it } from 'vitest';
import { parseParams, presetParams } from '../validate.ts';
import { readShearParams, shearParams } from './params.ts';
import { shearPresets } from './presets.ts';
import { shearModel } from './spec.ts';

const preset = (id: string) => readShearParams(presetParams(shearParams, shearPresets.find((p) => p.id === id)!));
const common = {
  shearGrid: [0.01, 0.02, 0.05],
  g2: 0,
  profile: 'exponential',
  halfLightRadiusArcsec: 0.5,
  psf: 'gaussian',
  freeParameters: '4',
  g1PriorSigma: 0.05,
  g2PriorSigma: 0.05,
  positionPriorHalfWidthPx: 0.5,
  chains: 4,
  warmup: 48,
  draws: 320,
};

describe('presets', () => {
  it('level0 comes first and is SHINE’s level 0', () => {
    expect(shearPresets[0].id).toBe('level0');
    expect(preset('level0')).toMatchObject({
      ...common,
      stampSize: 48,
      pixelScaleArcsec: 0.1,
      flux: 1000,
      psfSigmaArcsec: 0.1,
      noiseSigma: 0.1,
      g1PriorMean: 0.02,
      g2PriorMean: -0.01,
    });
  });

  it('level0-ngmix has coarse pixels, a wide PSF and hardly any noise', () => {
    expect(preset('level0-ngmix')).toMatchObject({
      ...common,
      stampSize: 48,
      pixelScaleArcsec: 0.263,
      flux: 1,
      psfSigmaArcsec: 0.382,
      noiseSigma: 1e-6,
      g1PriorMean: 0,
      g2PriorMean: 0,
    });
  });

  it('quick has 32 × 32 pixels of 0.2 arcsec', () => {
    expect(preset('quick')).toMatchObject({
      ...common,
      stampSize: 32,
      pixelScaleArcsec: 0.2,
      flux: 100,
      psfSigmaArcsec: 0.2,
      noiseSigma: 0.01,
      g1PriorMean: 0,
      g2PriorMean: 0,
    });
  });

  it('are valid as they stand and name only known parameters', () => {
    for (const { id } of shearPresets) {
      expect(shearModel(preset(id), {}).spec.free).toBe(id === 'level2' ? 6 : 4);
    }
  });
});

describe('the parameter table', () => {
  it('explains every parameter and every choice, under SHINE’s flags', () => {
    for (const { help, label } of shearParams) {
      expect(help.length).toBeGreaterThan(20);
      expect(help.endsWith('.')).toBe(true);
      expect(label).not.toBe('');
    }
    const flags = shearParams.flatMap(({ flag, flagAliases = [] }) => [flag, ...flagAliases]);
    for (const flag of ['shear-grid', 'g1-true', 'g2-true', 'n-realizations']) {
      expect(flags).toContain(flag);
    }
    expect(new Set(shearParams.map(({ key }) => key)).size).toBe(shearParams.length);
  });

  it('shows only the fields that a choice needs', () => {
    const shown = (params: object) => {
      const values = parseParams(shearParams, undefined, params);
      return shearParams.filter(({ when }) => when?.(values) ?? true).map(({ key }) => key);
    };
    expect(shown({})).not.toContain('moffatBeta');
    expect(shown({ psf: 'moffat' })).toContain('moffatBeta');
    expect(shown({ psf: 'moffat' })).not.toContain('psfSigmaArcsec');
    expect(shown({ profile: 'sersic' })).toContain('sersicIndex');
    expect(shown({ freeParameters: '6' })).toContain('fluxPriorLogSigma');
    expect(shown({ truthSource: 'prior' })).not.toContain('shearGrid');
  });
});
