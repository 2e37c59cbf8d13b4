import text from '../shared/text.module.css';
import classes from './Controls.module.css';

/** A way to a folder for those who do not drop one. */
export default function ChooseFolder({
  label,
  locked,
  take,
}: {
  readonly label: string;
  readonly locked: boolean;
  readonly take: (files: FileList | null) => void;
}) {
  return (
    <p className={`${classes.note} ${classes.examples}`}>
      <label className={classes.link} data-locked={locked || undefined}>
        Choose {label}
        <input
          ref={(input) => {
            if (input) input.webkitdirectory = true;
          }}
          type="file"
          disabled={locked}
          data-testid="folder-choose"
          className={text.hidden}
          onChange={({ currentTarget: input }) => {
            take(input.files);
            input.value = '';
          }}
        />
      </label>
    </p>
  );
}
