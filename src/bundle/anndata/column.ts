/** One column of `obs`: numbers, text, categories, and those that may be missing. */
import type { Elements, Numbers } from './elements.ts';
import { labelColumn } from './names.ts';
import type { Column } from './types.ts';

/** A column that is passed over, and why. */
export interface NotRead {
  readonly name: string;
  readonly why: string;
}

/** `obs` or `var`. */
export interface Frame {
  readonly names: readonly string[];
  readonly columns: readonly Column[];
  readonly notRead: readonly NotRead[];
}

/** @param rows how many values it must have @throws FileError for one that is damaged */
export function columnOf(file: Elements, frame: string, name: string, rows: number): Column | NotRead {
  const path = `${frame}/${name}`;
  const column = file.group(path) ? ofGroup(file, path, name) : ofDataset(file, frame, path, name);
  if (!('kind' in column)) return column;
  const length = column.kind === 'labels' ? column.codes.length : column.values.length;
  if (length === rows) return column;
  throw file.refusal(`${path} has ${length} values, and ${frame} has ${rows} names`);
}

function ofDataset(file: Elements, frame: string, path: string, name: string): Column | NotRead {
  const dataset = file.dataset(path);
  if (!dataset) return { name, why: 'a link that leads nowhere' };
  if (dataset.shape?.length !== 1) return { name, why: `of shape ${dataset.shape?.join(' × ') || '1'}` };
  const legacy = `${frame}/__categories/${name}`;
  if (file.dataset(legacy)) return categorical(file, name, path, file.numbers(path), legacy);
  if (file.isText(path)) return labelColumn(name, file.texts(path));
  if (file.isBoolean(path)) return booleans(name, file.numbers(path));
  return { kind: 'numbers', name, values: Float64Array.from(file.numbers(path)) };
}

function ofGroup(file: Elements, path: string, name: string): Column | NotRead {
  const encoding = file.text(path, 'encoding-type');
  const children = file.names(path);
  if (encoding === 'categorical' || children.includes('codes')) {
    const codes = `${path}/codes`;
    return categorical(file, name, codes, file.numbers(codes), `${path}/categories`);
  }
  if (!children.includes('values') || !children.includes('mask'))
    return { name, why: `of the encoding ${encoding ?? 'unknown'}` };
  const values = `${path}/values`;
  const mask = file.numbers(`${path}/mask`);
  const length = file.array(values).shape[0];
  if (mask.length !== length) throw file.refusal(`${path}/mask has ${mask.length} values, and ${values} has ${length}`);
  if (file.isText(values))
    return labelColumn(
      name,
      file.texts(values).map((text, i) => (mask[i] ? undefined : text)),
    );
  const numbers = file.numbers(values);
  if (encoding === 'nullable-boolean' || file.isBoolean(values)) return booleans(name, numbers, mask);
  return { kind: 'numbers', name, values: Float64Array.from(numbers, (value, i) => (mask[i] ? Number.NaN : value)) };
}

function booleans(name: string, values: Numbers, mask?: Numbers): Column {
  const codes = Int32Array.from(values, (value, i) => (mask?.[i] ? -1 : Number(value !== 0)));
  return { kind: 'labels', name, labels: ['False', 'True'], codes };
}

/** @param at path of the codes @param categories path of what they stand for: text, numbers or truth values */
function categorical(file: Elements, name: string, at: string, stored: Numbers, categories: string): Column {
  const labels = labelsAt(file, categories);
  const codes = Int32Array.from(stored);
  const wrong = codes.findIndex((code, i) => code !== stored[i] || code < -1 || code >= labels.length);
  if (wrong >= 0)
    throw file.refusal(
      `${at} holds ${stored[wrong]} at ${wrong} (counted from 0), and ${categories} has ${labels.length} entries`,
      `Write the column again; codes go from 0 to ${labels.length - 1}, and −1 for a missing one.`,
    );
  return { kind: 'labels', name, labels, codes };
}

function labelsAt(file: Elements, path: string): readonly string[] {
  if (file.isText(path)) return file.texts(path);
  // Categories that may be missing, as newer versions write them.
  if (file.group(path)) return file.texts(`${path}/values`);
  if (file.isBoolean(path)) return Array.from(file.numbers(path), (value) => (value ? 'True' : 'False'));
  return Array.from(file.numbers(path), String);
}
