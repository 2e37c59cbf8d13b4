import { describe, expect, it } from 'vitest';
import { AcceptedDraws } from './accepted.ts';
import type { SampleGroup } from './sampler.ts';

/** Sample number s of stream k is the point (s, k). */
const samplesOf = (groups: readonly SampleGroup[]) =>
  groups.flatMap(({ sample, stream }) => [0, 1, 2, 3].flatMap((c) => [sample + c, stream]));

function run(draws: AcceptedDraws, capacity: number, samples = samplesOf) {
  for (let rounds = 1; ; rounds++) {
    const groups = draws.next(capacity);
    expect(groups.length).toBeLessThanOrEqual(capacity);
    draws.take(groups, samples(groups), 3);
    if (draws.done) return rounds;
  }
}

const wanted = [0, 1, 2].map((row) => ({ row, stream: 10 + row, count: 6 }));

describe('accepted draws', () => {
  it('are the first that are accepted, whatever fits a round', () => {
    const accepts = ({ 0: number, 1: stream }: ArrayLike<number>) => (number * 7 + stream) % 3 === 0;
    const found = [3, 6, 100].map((capacity) => {
      const draws = new AcceptedDraws(wanted, 2, accepts);
      run(draws, capacity);
      return draws.drawn();
    });
    expect(found[1]).toEqual(found[0]);
    expect(found[2]).toEqual(found[0]);
    expect([...found[0][2].indices]).toEqual([0, 3, 6, 9, 12, 15]);
    expect(found[0][2].evaluations).toBe(3 * 16);
    expect([...found[0][2].samples.slice(0, 4)]).toEqual([0, 12, 3, 12]);
  });

  it('take one round where nothing is rejected', () => {
    expect(run(new AcceptedDraws(wanted, 2, () => true), 6)).toBe(1);
  });

  it('give up after two hundred tries a sample, at the same number whatever fits a round', () => {
    const words = [3, 200].map((capacity) => {
      const draws = new AcceptedDraws(wanted, 2, ({ 0: number, 1: stream }) => stream !== 11 || number === 2);
      run(draws, capacity);
      expect(draws.drawn().map(({ failure }) => failure !== undefined)).toEqual([false, true, false]);
      return draws.drawn()[1].failure;
    });
    expect(words[0]).toBe('only 1 of 1024 samples lie inside the prior, and 6 are wanted');
    expect(words[1]).toBe(words[0]);
  });

  it('give up soon where none is accepted, and say what it means', () => {
    const many = wanted.map((each) => ({ ...each, count: 10_000 }));
    const words = [300, 7500].map((capacity) => {
      const draws = new AcceptedDraws(many, 2, ({ 0: number, 1: stream }) => stream !== 11 || number < 0);
      run(draws, capacity);
      const [, { failure, evaluations }] = draws.drawn();
      return [failure, evaluations];
    });
    expect(words[0][0]).toMatch(
      /^no draw of 2,996 fell inside the prior: the network's posterior lies outside it; is this observation one that the simulator makes\?$/,
    );
    expect(words[0][1]).toBe(3 * 2996);
    expect(words[1]).toEqual(words[0]);
  });

  it('give up where the end is out of reach, and come to it where it is not', () => {
    const share = (every: number) => {
      const draws = new AcceptedDraws([{ row: 0, stream: 0, count: 1000 }], 2, ({ 0: number }) => number % every === 0);
      run(draws, 250);
      return draws.drawn()[0].failure;
    };
    expect(share(49)).toBeUndefined();
    expect(share(190)).toBeUndefined();
    expect(share(500)).toMatch(/^only [12][0-9] of [0-9]{4,5} samples lie inside the prior, and 1000 are wanted$/);
  });

  it.each([1, 0.7, 0.25, 0.02])('draw hardly more than it takes where a share of %d is accepted', (share) => {
    const count = 2000;
    const draws = new AcceptedDraws(
      [{ row: 0, stream: 0, count }],
      1,
      ({ 0: number }) => (number * 0.618034) % 1 < share,
    );
    let computed = 0;
    const rounds = run(draws, 2 ** 20, (groups) => {
      computed += 4 * groups.length;
      return groups.flatMap(({ sample }) => [0, 1, 2, 3].map((c) => sample + c));
    });
    expect(draws.drawn()[0].indices).toHaveLength(count);
    expect(computed).toBeLessThan((1.05 * count) / share + 8);
    expect(rounds).toBeLessThan(6);
  });

  it('never draw more than twice as many for an observation that none is accepted of', () => {
    const draws = new AcceptedDraws([{ row: 0, stream: 0, count: 100_000 }], 2, () => false);
    let computed = 0;
    run(draws, 2 ** 20, (groups) => {
      computed += 4 * groups.length;
      return samplesOf(groups);
    });
    // The first round is what was asked for, since nothing is known before it.
    expect(computed).toBe(100_000);
  });

  it('fail where a sample is no finite number, even one that would be rejected', () => {
    const draws = new AcceptedDraws(wanted.slice(0, 1), 2, () => false);
    run(draws, 2, (groups) => samplesOf(groups).map((value) => (value === 5 ? Number.NaN : value)));
    expect(draws.drawn()[0].failure).toBe('sample 5 is no finite number');
  });
});
