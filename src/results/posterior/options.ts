import type { Level } from './acceptance.ts';
import type { StatisticsContext } from './statistics.ts';

/** What an experiment says of its posteriors. */
export interface PosteriorOptions {
  /** What is known of truths and priors; nothing unless given. */
  readonly statistics?: (params: Readonly<Record<string, unknown>>, ownData: boolean) => StatisticsContext;
  /** What it calls one of its data, e.g. "pixel"; "datum" unless given. */
  readonly datum?: string;
  /** SHINE's level of a preset; an experiment without it has none, and nothing is judged by one. */
  readonly level?: (preset: string) => Level;
}
