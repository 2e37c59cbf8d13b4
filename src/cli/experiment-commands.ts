import type { Command, Option } from 'commander';
import type { FlagValues } from './flag-values.ts';
import type { RunIo } from './run-io.ts';

/** What an experiment's commands have of the command line. */
export interface CommandHost {
  readonly io: RunIo;
  /** The experiment that `--workload` asks for; undefined where the flag is not there. Commands of one name are told apart by it. */
  readonly workload: string | undefined;
  /** `lockstep run` of an experiment with these flags, by their long names; resolves to its exit code. */
  run(workload: string, given: ReadonlyMap<string, string | readonly string[] | true>): Promise<number>;
  /**
   * Lets `lockstep sizes` answer a question of the experiment's own, where one of these flags is given. `answer` resolves to the exit code.
   */
  sizes(options: readonly Option[], answer: (values: FlagValues) => Promise<number>): void;
  /** Gets the exit code of a command that has ended. What a command throws the command line tells. */
  ended(code: number): void;
}

/** Adds an experiment's commands, with their flags and help, to the program. */
export type AddCommands = (program: Command, host: CommandHost) => void | Promise<void>;
