import { expect, test } from 'vitest';
import { experiments } from '../../workloads/catalog.ts';
import { voidFiles } from './void-files.ts';

const file = (role: string, sha256: string) => ({ role, name: `${role}.dat`, sha256, count: 4, what: '4 of them' });
const images = file('images', 'sha256:1');
const truth = file('truth', 'sha256:2');

test.each(['shear', 'flow'])(
  '%s: other images make the truth of the former void, the same ones read again do not',
  (id) => {
    const experiment = experiments.find((each) => each.id === id)!;
    // Of equal count: nothing but the bytes tells them apart.
    expect(voidFiles(experiment, { images, truth }, file('images', 'sha256:3'))).toEqual([truth]);
    expect(voidFiles(experiment, { images, truth }, images)).toEqual([]);
    expect(voidFiles(experiment, { truth }, images)).toEqual([]);
    expect(voidFiles(experiment, { images }, file('images', 'sha256:3'))).toEqual([]);
    expect(voidFiles(experiment, { images, truth }, file('truth', 'sha256:3'))).toEqual([]);
  },
);
