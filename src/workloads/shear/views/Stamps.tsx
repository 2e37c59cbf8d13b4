import { useMemo } from 'react';
import type { Images } from '../peek.ts';
import { Stamp } from './Stamp.tsx';
import classes from './Stamps.module.css';

/** Data and model on one scale, so that they can be compared; the residual on its own, symmetric about zero. */
export default function Stamps({ images }: { readonly images: Images }) {
  const { data, model, nx, ny } = images;
  const { residual, low, high, largest } = useMemo(() => {
    const difference = new Float32Array(data.length);
    let [min, max, worst] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
    for (let i = 0; i < data.length; i++) {
      difference[i] = data[i] - model[i];
      min = Math.min(min, data[i], model[i]);
      max = Math.max(max, data[i], model[i]);
      worst = Math.max(worst, Math.abs(difference[i]));
    }
    return { residual: difference, low: min, high: max, largest: worst };
  }, [data, model]);
  return (
    <div className={classes.row}>
      <Stamp title="Data" values={data} nx={nx} ny={ny} min={low} max={high} map="amount" />
      <Stamp title="Model" values={model} nx={nx} ny={ny} min={low} max={high} map="amount" />
      <Stamp title="Data − model" values={residual} nx={nx} ny={ny} min={-largest} max={largest} map="difference" />
    </div>
  );
}
