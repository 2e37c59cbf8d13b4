import { describe, expect, it } from 'vitest';
import { Pacer } from './pacer.ts';

/** Runs `submits` submits of a device that takes `overhead + ms` a unit; returns the sizes and times. */
function simulate(pacer: Pacer, submits: number, msPerUnit: number, overheadMs = 0, remaining = 1e9) {
  return Array.from({ length: submits }, () => {
    const units = pacer.next(remaining);
    const ms = overheadMs + units * msPerUnit;
    pacer.record(units, ms);
    return { units, ms };
  });
}

describe('Pacer', () => {
  it('starts with one unit and grows at most fourfold a step', () => {
    const steps = simulate(new Pacer(), 8, 0.01);
    expect(steps[0].units).toBe(1);
    for (let i = 1; i < steps.length; i++) expect(steps[i].units).toBeLessThanOrEqual(4 * steps[i - 1].units);
  });

  it('settles between 30 and 60 ms for units from 1 µs to 20 ms, whatever a submit costs by itself', () => {
    for (const msPerUnit of [0.001, 0.03, 0.7, 5, 20, 29]) {
      for (const overhead of [0, 0.5]) {
        const last = simulate(new Pacer(), 60, msPerUnit, overhead).at(-1)!;
        expect(last.ms, `${msPerUnit} ms a unit, ${overhead} ms a submit`).toBeGreaterThanOrEqual(30);
        expect(last.ms).toBeLessThanOrEqual(60);
      }
    }
  });

  it('never predicts more than 100 ms, also where the rate changes twentyfold from submit to submit', () => {
    const pacer = new Pacer();
    let rate = 0.5;
    for (let i = 0; i < 200; i++) {
      const units = pacer.next(1e9);
      if (pacer.msPerUnit !== undefined && units > 1) expect(units * pacer.msPerUnit).toBeLessThanOrEqual(100);
      pacer.record(units, units * rate);
      rate = i % 2 === 0 ? 0.5 : 0.5 * (1 + (i % 20));
    }
  });

  it('at least halves after a submit of more than 250 ms, down to one unit', () => {
    const pacer = new Pacer();
    simulate(pacer, 12, 1);
    const before = pacer.next(1e9);
    pacer.record(before, 300);
    expect(pacer.next(1e9)).toBeLessThanOrEqual(before / 2);
    simulate(pacer, 20, 400);
    expect(pacer.next(1e9)).toBe(1);
  });

  it('recovers from a slow first submit (drivers compile late)', () => {
    const pacer = new Pacer();
    pacer.record(pacer.next(1e9), 200);
    expect(simulate(pacer, 40, 0.1).at(-1)!.ms).toBeGreaterThanOrEqual(30);
  });

  it('respects the bound on units and what remains', () => {
    const pacer = new Pacer({ maxUnits: 10 });
    for (const { units } of simulate(pacer, 20, 0.001)) expect(units).toBeLessThanOrEqual(10);
    expect(pacer.next(3)).toBe(3);
  });

  it('is not made small by the short last submit of a chunk', () => {
    const pacer = new Pacer();
    simulate(pacer, 30, 0.1);
    const before = pacer.next(1e9);
    pacer.record(1, 0.1);
    expect(pacer.next(1e9)).toBeGreaterThanOrEqual(before / 2);
  });
});

it('a long submit from before the size shrank does not let it grow again', () => {
  const pacer = new Pacer();
  pacer.record(1, 0.5);
  while (pacer.next(1e6) < 64) pacer.record(pacer.next(1e6), 0.5 * pacer.next(1e6));
  const under = pacer.next(1e6);
  pacer.record(under / 2, 260);
  const shrunk = pacer.next(1e6);
  pacer.record(under, 260);
  expect(pacer.next(1e6)).toBeLessThanOrEqual(shrunk);
});
