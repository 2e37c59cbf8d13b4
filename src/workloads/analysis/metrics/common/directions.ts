/** Directions of random numbers in the scale of the weights. */
import { type Graph, numbersOf, type ParameterTensor } from '../../../../nn/graph/graph.ts';

/**
 * Filter normalisation (Li, Xu, Taylor, Studer & Goldstein 2018): d_f ← d_f ‖w_f‖/‖d_f‖ for every filter, what feeds one unit of the output (a column of
 * [in, out], a row of [out, in]) or one entry of an embedding. Tensors of one dimension get 0: their scale is no filter's.
 */
export function filterNormalised(
  graph: Graph,
  theta: ArrayLike<number>,
  raw: ArrayLike<number>,
): Float64Array<ArrayBuffer> {
  const out = new Float64Array(graph.size);
  for (const tensor of graph.parameters)
    if (tensor.filter !== 'none') scaleFilters(tensor, tensor.filter, theta, raw, out);
  return out;
}

/** TensorScope's: rows whatever the layout, and tensors of one dimension scaled as a whole. */
export function rowNormalised(
  graph: Graph,
  theta: ArrayLike<number>,
  raw: ArrayLike<number>,
): Float64Array<ArrayBuffer> {
  const out = new Float64Array(graph.size);
  for (const tensor of graph.parameters) {
    const { shape } = tensor;
    scaleFilters(shape.length === 1 ? { ...tensor, shape: [1, shape[0]] } : tensor, 'row', theta, raw, out);
  }
  return out;
}

function scaleFilters(
  { at, shape }: ParameterTensor,
  filter: 'row' | 'column',
  theta: ArrayLike<number>,
  raw: ArrayLike<number>,
  out: Float64Array,
): void {
  const columns = shape[shape.length - 1];
  const rows = numbersOf(shape) / columns;
  const [filters, length, first, step] = filter === 'row' ? [rows, columns, columns, 1] : [columns, rows, 1, columns];
  for (let f = 0; f < filters; f++) {
    let [own, random] = [0, 0];
    for (let i = 0; i < length; i++) {
      const place = at + f * first + i * step;
      own += theta[place] * theta[place];
      random += raw[place] * raw[place];
    }
    const scale = random > 0 ? Math.sqrt(own) / Math.sqrt(random) : 0;
    for (let i = 0; i < length; i++) {
      const place = at + f * first + i * step;
      out[place] = raw[place] * scale;
    }
  }
}
