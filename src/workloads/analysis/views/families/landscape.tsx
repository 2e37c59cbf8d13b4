import { Landscape, LineWithBand, type PathPoint } from '../pictures/index.ts';
import { linesOf } from '../words.ts';
import type { PicturesProps } from './family.ts';

export function LandscapePictures({ arrays, attributes, told }: PicturesProps) {
  const axis = arrays.of('axis');
  const [first, second] = linesOf(attributes.directions);
  const ofPath = arrays.has('path_alpha');
  const path = linesOf(attributes.checkpoints).map(
    (label, i): PathPoint => ({
      label,
      alpha: arrays.number('path_alpha', i),
      beta: arrays.number('path_beta', i),
      loss: arrays.number('path_loss', i),
    }),
  );
  const share = told.headlines.find(({ key }) => key === 'planeShare')?.value;
  const errors = arrays.of('rise_error');
  return (
    <>
      <Landscape
        title="The loss around the model"
        definition="L(θ + αd₁ + βd₂), the same texts at all points; the model is at 0, 0. Errors are of the difference to it."
        file="landscape"
        alpha={axis}
        beta={axis}
        loss={arrays.of('loss')}
        errors={Array.from(errors).some((error) => !Number.isNaN(error)) ? errors : undefined}
        directions={[first, second]}
        {...(ofPath && { path, varianceInPlane: share })}
      />
      <LineWithBand
        title={ofPath ? 'From the first checkpoint to the model' : 'Along the first direction'}
        definition={
          ofPath
            ? 'The loss on the straight line between both: what rises above the chord is the barrier.'
            : 'The loss on the line through the model: the middle row of the plane.'
        }
        file="landscape-line"
        x={arrays.of('line_at')}
        xLabel={ofPath ? 'way from the first checkpoint to the model' : 'α'}
        yLabel="L (nats)"
        band="± 1 standard error of the difference to the model, jackknife over texts"
        lines={[{ label: 'L', values: arrays.of('line_loss'), errors: arrays.of('line_rise_error') }]}
      />
    </>
  );
}
