/** Words that belong to an experiment's field, and where one of them stands in a host all the same. */

/** Lower case; ids of experiments come besides. */
export const WORDS: ReadonlySet<string> = new Set(
  [
    [
      'galaxy',
      'galaxies',
      'stamp',
      'stamps',
      'pixel',
      'pixels',
      'psf',
      'sersic',
      'arcsec',
      'ellipticity',
      'g1',
      'g2',
      'shine',
      'sdss',
    ],
    ['shears', 'flows', 'velocity', 'velocities', 'moons', 'particles', 'simulator', 'simulators', 'slcp', 'gensbi'],
    ['network', 'networks', 'train', 'trains', 'trained', 'training', 'bananas', 'dice'],
  ].flat(),
);

interface Allowance {
  /** A file, or a folder with its "/", by the beginning of its path. */
  readonly in: string;
  readonly words: readonly string[];
  readonly why: string;
}

const NETWORKS = ['network', 'networks', 'train', 'trains', 'trained', 'training'];

export const ALLOWED: readonly Allowance[] = [
  { in: 'src/nn/', words: NETWORKS, why: 'Networks and their training are its subject, for any experiment.' },
  { in: 'src/bundle/anndata/', words: ['analysis'], why: 'A part of an address.' },
  { in: 'src/engine/plan/stage-memory.ts', words: ['analysis'], why: 'Keys of sizes, in an example.' },
  { in: 'src/nn/graph/device/sizes.ts', words: ['analysis'], why: 'Keys of sizes in the table of batches.' },
  {
    in: 'src/workloads/language-models/',
    words: [...NETWORKS, 'cells'],
    why: 'What experiments that read language models have in common; cells are those of a table.',
  },
  { in: 'src/stats/landscape/', words: NETWORKS, why: 'The loss of a network is its subject.' },
  { in: 'src/stats/spectrum/', words: NETWORKS, why: 'Spectra of a network are its subject, whatever it computes.' },
  { in: 'src/stats/two-sample/', words: ['networks', 'trains', 'train', 'training'], why: 'C2ST trains a classifier.' },
  {
    in: 'src/ui/training/',
    words: NETWORKS,
    why: 'What every experiment that trains a network shows of it, whatever it is trained on.',
  },
  { in: 'src/worker/training/', words: NETWORKS, why: 'What trainings of any network say and are told.' },
  { in: 'src/cli/training.ts', words: NETWORKS, why: 'What commands that train any network have in common.' },
  { in: 'src/gpu/network-memory.ts', words: ['network'], why: 'What weights and activations of any network take.' },
  { in: 'src/workloads/workload.ts', words: ['network'], why: 'The same; precisions are those of a network.' },
  {
    in: 'src/engine/quality/compare-precisions.ts',
    words: ['network', 'velocity'],
    why: 'Precisions are those of a network, and are compared by the way of a draw from its start.',
  },
  {
    in: 'src/results/posterior/quality/',
    words: ['network', 'velocity', 'velocities'],
    why: 'The same, as metrics.json and tables of precisions have always called it.',
  },
  {
    in: 'src/bundle/manifest.ts',
    words: ['network'],
    why: 'A field of run.json that ids of results have always left out.',
  },
  { in: 'src/results/posterior/item-summary.ts', words: ['shine'], why: 'A field that earlier versions kept.' },
  { in: 'src/bundle/fits', words: ['pixel', 'pixels', 'arcsec'], why: 'Words of the format, and of its coordinates.' },
  { in: 'src/bundle/header-facts.ts', words: ['pixel', 'pixels'], why: 'What headers of the format speak of.' },
  {
    in: 'src/bundle/anndata/',
    words: ['cells'],
    why: 'What the rows of these formats are, whoever reads them.',
  },
  { in: 'src/bundle/images.ts', words: ['pixels'], why: 'What stacks of images are made of.' },
  { in: 'src/bundle/data-words.ts', words: ['pixels'], why: 'What stacks of images are made of.' },
  { in: 'src/ui/shared/Canvas.tsx', words: ['pixel', 'pixels'], why: 'Of the screen.' },
  // An experiment whose id is a common word: elsewhere it means something else.
  { in: 'src/bundle/', words: ['cells'], why: 'Cells of a table; of files of counts, the rows.' },
  { in: 'src/cli/', words: ['cells'], why: 'Cells of a table.' },
  { in: 'src/engine/tuner/', words: ['cells'], why: 'Cells of a table.' },
  { in: 'src/results/posterior/', words: ['cells'], why: 'Cells of a table.' },
  {
    in: 'src/stats/',
    words: ['cells', 'training'],
    why: 'Cells of a grid or of a histogram; of expression, what is measured and what a model was fitted to.',
  },
  { in: 'src/ui/', words: ['cells'], why: 'Cells of a table, and of a grid of verdicts.' },
  {
    in: 'src/batch/shared-words.ts',
    words: ['training', 'activations'],
    why: 'C2ST trains a classifier; what networks compute on their way.',
  },
  { in: 'src/nn/', words: ['cells'], why: 'Rows of a batch of a score network, as its field calls them.' },
  {
    in: 'src/nn/',
    words: ['activations'],
    why: 'What networks compute on their way; sizes of decoders by their keys.',
  },
  { in: 'src/gpu/network-memory.ts', words: ['activations'], why: 'What weights and activations of any network take.' },
  { in: 'src/results/posterior/quality/', words: ['activations'], why: 'What is stored of a network in a precision.' },
  { in: 'src/ui/controls/BatchControl.tsx', words: ['activations'], why: 'What networks compute on their way.' },
];

/** Imports of one experiment from another one: a file or a folder, by the beginning of its path. */
export const BETWEEN: readonly { readonly from: string; readonly to: string; readonly why: string }[] = [
  {
    from: 'src/workloads/flow/tasks/shear/',
    to: 'src/workloads/shear/',
    why: 'The shear task is the shear experiment in short: its tables come from the model of that, its exact posterior from the same algebra.',
  },
  {
    from: 'src/workloads/flow/evaluation/hmc.ts',
    to: 'src/workloads/shear/workload.ts',
    why: 'The evaluation of the shear task runs the shear experiment on the same data.',
  },
  {
    from: 'src/workloads/flow/workload.ts',
    to: 'src/workloads/shear/shine/',
    why: 'Its tables go to the same scripts, in the same forms.',
  },
  {
    from: 'src/workloads/flow/experiment.ts',
    to: 'src/workloads/shear/shine/',
    why: 'The looser thresholds of the same scripts.',
  },
];
