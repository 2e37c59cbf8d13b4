import { Button, NativeSelect, Progress } from '@mantine/core';
import { Suspense } from 'react';
import type { FileChoices } from '../../bundle/own-file.ts';
import { formatBytes } from '../../engine/bytes.ts';
import type { FileRole } from '../../workloads/file-role.ts';
import { experimentViews } from '../../workloads/views.ts';
import { FactList } from '../shared/FactList.tsx';
import { CloseMark } from '../shared/NoticeBox.tsx';
import { chooseFor, clearFile, loadFile } from '../state/actions.ts';
import { factsText } from '../state/before-run.ts';
import { cancelFolder } from '../state/folders.ts';
import { formExperiment } from '../state/shown.ts';
import { isActive, useStore } from '../state/store.ts';
import { Opening } from './OpenBundle.tsx';
import classes from './OwnFiles.module.css';

/** The files that are there: what each was found to be, its view, what may be chosen about it, and what a run takes for granted. */
export default function OwnFiles() {
  const { files: roles } = useStore(formExperiment);
  return (
    <>
      <Reading />
      <Asked />
      {roles.map((role) => (
        <OwnFile key={role.role} role={role} />
      ))}
      <Facts />
      <Opening />
    </>
  );
}

function OwnFile({ role }: { readonly role: FileRole }) {
  const file = useStore(({ files }) => files[role.role]);
  const View = useStore(({ config }) => experimentViews[config.workload]?.files?.[role.role]);
  const locked = useStore(isActive);
  if (!file) return null;
  return (
    <div className={classes.file} data-testid={`file-${role.role}`}>
      <div className={classes.head}>
        <span className={classes.text}>
          <strong>{role.label}:</strong> {file.name}
          <br />
          <span className={classes.what}>{file.what}</span>
        </span>
        <CloseMark label={`Remove ${file.name}`} disabled={locked} onClick={() => clearFile(role.role)} />
      </div>
      {View && file.preview !== undefined && (
        <Suspense>
          <View file={file} />
        </Suspense>
      )}
      {file.choices && (
        <Choices
          role={role}
          choices={file.choices}
          chosen={file.options}
          choose={(name, value) => void chooseFor(role.role, name, value)}
        />
      )}
      {role.note && <p className={classes.what}>{role.note}</p>}
    </div>
  );
}

/** A folder that is being read: what there is of it, how far, and a way out. */
function Reading() {
  const reading = useStore((store) => store.folderReading);
  if (!reading) return null;
  const { name, files, done, total } = reading;
  const percent = Math.floor((100 * done) / Math.max(total, 1));
  return (
    <div className={classes.file} data-testid="folder-reading">
      <div className={classes.head}>
        <span className={classes.text}>
          <strong>{name}:</strong> {formatBytes(total)} in {files} {files === 1 ? 'file' : 'files'}
          <br />
          <span className={classes.what} role="status">
            Read where they lie, {percent} %
          </span>
        </span>
        <Button size="compact-sm" variant="default" data-testid="folder-cancel" onClick={() => cancelFolder()}>
          Cancel
        </Button>
      </div>
      <Progress value={percent} size="xs" mt={6} aria-label={`Reading ${name}`} />
    </div>
  );
}

interface ChoicesProps {
  readonly role: FileRole;
  readonly choices: FileChoices;
  readonly chosen?: Readonly<Record<string, string>>;
  /** Offered first where nothing holds unless chosen. */
  readonly none?: string;
  readonly choose: (name: string, value: string) => void;
}

function Choices({ role, choices, chosen, none, choose }: ChoicesProps) {
  const locked = useStore(isActive);
  return role.options?.map(({ name, label, help }) => {
    const values = choices[name];
    if (!values) return null;
    return (
      <NativeSelect
        key={name}
        size="xs"
        label={label}
        description={`${help[0].toUpperCase()}${help.slice(1)}.`}
        data={[...(none ? [{ value: '', label: none, disabled: true }] : []), ...values]}
        value={chosen?.[name] ?? (none ? '' : values[0].value)}
        disabled={locked}
        data-testid={`choose-${name}`}
        onChange={(event) => choose(name, event.currentTarget.value)}
      />
    );
  });
}

/** A file that cannot be read before something is chosen. */
function Asked() {
  const asked = useStore((store) => store.fileAsked);
  const { files: roles } = useStore(formExperiment);
  const role = roles.find((each) => each.role === asked?.role);
  if (!asked || !role) return null;
  return (
    <section className={classes.file} aria-label={`A choice about ${asked.file.name}`}>
      <div className={classes.head}>
        <span className={classes.text}>
          <strong>{asked.file.name}</strong>
          <br />
          <span className={classes.what} role="status">
            {asked.message}
          </span>
        </span>
        <CloseMark label={`Leave ${asked.file.name} out`} onClick={() => useStore.setState({ fileAsked: undefined })} />
      </div>
      <Choices
        role={role}
        choices={asked.choices}
        none="Choose one"
        choose={(name, value) => void loadFile(asked.role, asked.file, { [name]: value })}
      />
    </section>
  );
}

/** What a run takes for granted of the data, doubts first, for the reader to confirm. */
function Facts() {
  const facts = useStore(({ plan, unplanned }) => (unplanned ? undefined : plan?.facts));
  const confirmed = useStore((store) => store.confirmed);
  const locked = useStore(isActive);
  if (!facts || facts.length === 0) return null;
  const sure = confirmed === factsText(facts);
  return (
    <div className={classes.facts} data-testid="data-facts">
      <strong>A run takes this for granted</strong>
      <FactList facts={facts} />
      {sure ? (
        <p className={classes.sure} role="status">
          Confirmed by you.
        </p>
      ) : (
        <Button
          size="compact-sm"
          variant="light"
          disabled={locked}
          data-testid="confirm-data"
          onClick={() => useStore.setState({ confirmed: factsText(facts) })}
        >
          This is right
        </Button>
      )}
    </div>
  );
}
