/** The table of vectors as CSV, as JSON, and as lines for a terminal. */
import { encodeCsv } from '../../../bundle/csv.ts';
import { canonicalJson, type JsonValue } from '../../../bundle/json.ts';
import type { Control, Scores, VectorScore, VectorTable } from './types.ts';

const SCORES = [
  ...['held_auc', 'held_auc_low', 'held_auc_high', 'held_cohens_d', 'held_accuracy'],
  ...['train_auc', 'train_cohens_d', 'train_accuracy'],
];

const scoreCells = ({ heldOut, train }: { readonly heldOut: Scores; readonly train: Scores }): string[] =>
  [
    ...[heldOut.auc.value, heldOut.auc.low, heldOut.auc.high, heldOut.cohensD, heldOut.accuracy],
    ...[train.auc.value, train.cohensD, train.accuracy],
  ].map((value) => (Number.isFinite(value) ? String(value) : ''));

export function scoresCsv({ scores }: VectorTable): string {
  return encodeCsv(
    ['position', 'component', 'layer', 'method', 'chosen', 'norm', 'cosine_with_mean_diff', ...SCORES],
    scores.map((score) => {
      const { position, component, layer, method, chosen, norm, cosine } = score;
      return [
        position,
        component,
        String(layer),
        method,
        String(chosen),
        String(norm),
        finite(cosine),
        ...scoreCells(score),
      ];
    }),
  );
}

export function controlsCsv({ controls }: VectorTable): string {
  return encodeCsv(
    ['control', 'position', 'component', 'layer', ...SCORES],
    controls.map((control) => [
      ...[control.name, control.position, control.component, control.layer === undefined ? '' : String(control.layer)],
      ...scoreCells(control),
    ]),
  );
}

/** All that the table has; numbers that are none are null. */
export function tableJson(table: VectorTable): string {
  return canonicalJson(JSON.parse(JSON.stringify(table)) as JsonValue);
}

/** Rows of cells, the first with titles: of every position, component and method the chosen layer, and the controls there. */
export function tableRows({ choices, scores, controls }: VectorTable): readonly (readonly string[])[] {
  const title = ['position', 'component', 'layer', 'method', 'held-out AUC (95 %)', 'd', 'accuracy', 'train AUC'];
  const own = scores.filter(({ chosen, method }) => chosen || method === 'ica' || method === 'rfm');
  const rows = own.map((score) => [...placeCells(score), score.method, ...words(score)]);
  const layers = new Set(choices.map(({ layer }) => layer));
  const beside = controls
    .filter(({ layer, name }) => layer === undefined || name === 'words alone' || layers.has(layer))
    .map((control) => [...placeCells(control), control.name, ...words(control)]);
  const nested = choices.map(({ position, component, method, layers: byFold, heldOut }) => [
    ...[position, component, [...new Set(byFold)].sort((a, b) => a - b).join('/'), `${method}, layer by fold`],
    ...words({ heldOut }),
  ]);
  return [title, ...rows, ...nested, ...beside];
}

function placeCells({
  position,
  component,
  layer,
}: Pick<VectorScore, 'position' | 'component'> & Pick<Control, 'layer'>) {
  return [position, component, layer === undefined ? '' : String(layer)];
}

function words({ heldOut, train }: { readonly heldOut: Scores; readonly train?: Scores }): string[] {
  const { auc, cohensD, accuracy } = heldOut;
  return [
    `${auc.value.toFixed(3)} (${auc.low.toFixed(3)}–${auc.high.toFixed(3)})`,
    ...[cohensD.toFixed(2), accuracy.toFixed(3), train ? train.auc.value.toFixed(3) : ''],
  ];
}

const finite = (value: number) => (Number.isFinite(value) ? String(value) : '');
