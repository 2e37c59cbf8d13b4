import { numbered, rangeOf, Thumbnail } from '../../../ui/charts/Thumbnail.tsx';
import { plain } from '../../../ui/format.ts';
import type { FileReply } from '../../../worker/file-reply.ts';
import type { ObservationPreview } from '../observation-preview.ts';
import classes from './ObservationsOfFile.module.css';

/** The first of the user's observations: as pictures where they are images, else their numbers. */
export default function ObservationsOfFile({ file }: { readonly file: FileReply }) {
  const { n, numbers, rows, images } = file.preview as ObservationPreview;
  if (images) {
    const { ny, nx, stamps } = images;
    return (
      <div className={classes.images}>
        {numbered(stamps).map(({ i, value }) => (
          <Thumbnail key={i} name={`Observation ${i}`} values={value} nx={nx} ny={ny} {...rangeOf(stamps)} />
        ))}
      </div>
    );
  }
  const more = numbers > rows[0].length;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
    <section className={classes.scroll} tabIndex={0} aria-label={`First observations of ${file.name}`}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">#</th>
            {numbered(rows[0]).map(({ i }) => (
              <th key={i} scope="col">
                x{i + 1}
              </th>
            ))}
            {more && <th scope="col">of {numbers}</th>}
          </tr>
        </thead>
        <tbody>
          {numbered(rows).map(({ i, value: row }) => (
            <tr key={i}>
              <th scope="row">{i}</th>
              {numbered(row).map(({ i, value }) => (
                <td key={i}>{plain(value, 4)}</td>
              ))}
              {more && <td>…</td>}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length < n && (
        <p className={classes.more}>
          The first {rows.length} of {n}.
        </p>
      )}
    </section>
  );
}
