/** `obs` and `var`: names of the rows and columns of every encoding that anndata has written (0.1 … 0.2.0 and the compounds before 0.7). */
import { columnOf, type Frame, type NotRead } from './column.ts';
import { compoundFrame } from './compound.ts';
import type { Elements } from './elements.ts';
import type { Column } from './types.ts';

const LEGACY_CATEGORIES = '__categories';

/** @param withColumns whether the columns are wanted besides the names */
export function readFrame(file: Elements, path: string, withColumns: boolean): Frame {
  if (file.isCompound(path)) return compoundFrame(file, path, withColumns);
  if (!file.group(path))
    throw file.refusal(
      `${path} is missing`,
      'Give a file that anndata wrote: it has one dataframe for the cells (obs) and one for the genes (var).',
    );
  const index = indexOf(file, path);
  const names = namesOf(file, `${path}/${index}`);
  if (!withColumns) return { names, columns: [], notRead: [] };
  const columns: Column[] = [];
  const notRead: NotRead[] = [];
  for (const name of columnNames(file, path, index)) {
    const column = columnOf(file, path, name, names.length);
    if ('kind' in column) columns.push(column);
    else notRead.push(column);
  }
  return { names, columns, notRead };
}

function indexOf(file: Elements, path: string): string {
  const named = file.text(path, '_index');
  const children = file.names(path);
  const index = named ?? ['_index', 'index'].find((name) => children.includes(name));
  if (index !== undefined && children.includes(index)) return index;
  throw file.refusal(
    index === undefined
      ? `${path} has no attribute _index, so its names are not known`
      : `${path}/${index} is missing, which holds the names`,
    `Write the file again; ${path} needs its names (adata.${path === 'raw/var' ? 'raw.var_names' : `${path}_names`}).`,
  );
}

/** Names are text as a rule; whole numbers where somebody wrote them so. */
function namesOf(file: Elements, path: string): readonly string[] {
  if (file.isText(path)) return file.texts(path);
  if (file.dataset(path)) return Array.from(file.numbers(path), String);
  const values = `${path}/values`;
  if (file.isText(values)) return file.texts(values);
  throw file.refusal(`${path} holds no text`, 'Write the file again with text for the names.');
}

function columnNames(file: Elements, path: string, index: string): readonly string[] {
  const children = file.names(path).filter((name) => name !== index && name !== LEGACY_CATEGORIES);
  const order = file.attribute(path, 'column-order');
  const listed = (typeof order === 'string' ? [order] : Array.isArray(order) ? order : []).map(String);
  const first = listed.filter((name) => children.includes(name));
  return [...first, ...children.filter((name) => !first.includes(name))];
}
