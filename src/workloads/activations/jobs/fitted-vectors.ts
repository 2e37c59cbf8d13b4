/** What the job `vectors` fitted last, for those that steer and trace by it. */
import type { FittedVector } from '../vectors/types.ts';
import type { VectorPlace } from './vector-types.ts';

const samePlace = (a: VectorPlace, b: VectorPlace) =>
  a.position === b.position && a.component === b.component && a.layer === b.layer && a.method === b.method;

/** The worker has one set at a time: that of the run that is on the page. */
class FittedVectors {
  #vectors: readonly FittedVector[] = [];

  forget(): void {
    this.#vectors = [];
  }

  add(vectors: readonly FittedVector[]): void {
    this.#vectors = [...this.#vectors, ...vectors];
  }

  find(place: VectorPlace): FittedVector | undefined {
    return this.#vectors.find((each) => samePlace(each, place));
  }

  /** The method's at every layer. */
  acrossLayers({ position, component, method }: VectorPlace): readonly FittedVector[] {
    return this.#vectors.filter(
      (each) => each.position === position && each.component === component && each.method === method,
    );
  }
}

export const fittedVectors = new FittedVectors();
