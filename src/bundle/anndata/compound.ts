/** `obs` and `var` as anndata before 0.7 wrote them: a dataset of compounds, its categories in `uns/<column>_categories`. */
import type { Frame, NotRead } from './column.ts';
import type { Elements } from './elements.ts';
import { labelColumn } from './names.ts';
import type { Column } from './types.ts';

const MOST = 1 << 22;

export function compoundFrame(file: Elements, path: string, withColumns: boolean): Frame {
  const { dataset, shape } = file.array(path);
  const members = dataset.metadata.compound_type?.members ?? [];
  if (shape[0] > MOST)
    throw file.refusal(`${path} has ${shape[0]} rows, and at most ${MOST} are read of so old a file`);
  const rows: unknown = shape[0] === 0 ? [] : dataset.value;
  if (!Array.isArray(rows) || rows.length !== shape[0] || members.length === 0)
    throw file.refusal(`${path} cannot be read as a table`);
  const index = Math.max(
    0,
    members.findIndex(({ name }) => name === 'index' || name === '_index'),
  );
  const cell = (row: unknown, at: number): unknown => {
    const value: unknown = Array.isArray(row) ? row[at] : undefined;
    return ArrayBuffer.isView(value) ? (value as Uint8Array)[0] : value;
  };
  const names = rows.map((row) => String(cell(row, index) ?? ''));
  const columns: Column[] = [];
  const notRead: NotRead[] = [];
  for (const [at, { name }] of members.entries()) {
    if (!withColumns || at === index) continue;
    const values = rows.map((row) => cell(row, at));
    const categories = `uns/${name}_categories`;
    if (file.isText(categories))
      columns.push(categorical(file, `${path}/${name}`, name, values.map(Number), categories));
    else if (values.every((value) => typeof value === 'string')) columns.push(labelColumn(name, values));
    else if (values.every((value) => typeof value === 'number' || typeof value === 'bigint'))
      columns.push({ kind: 'numbers', name, values: Float64Array.from(values, Number) });
    else notRead.push({ name, why: 'of a type that is not read' });
  }
  return { names, columns, notRead };
}

function categorical(file: Elements, at: string, name: string, codes: readonly number[], categories: string): Column {
  const labels = file.texts(categories);
  const wrong = codes.findIndex((code) => !Number.isInteger(code) || code < -1 || code >= labels.length);
  if (wrong >= 0)
    throw file.refusal(
      `${at} holds ${codes[wrong]} at ${wrong} (counted from 0), and ${categories} has ${labels.length} entries`,
    );
  return { kind: 'labels', name, labels, codes: Int32Array.from(codes) };
}
