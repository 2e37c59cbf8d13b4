import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useId, useState } from 'react';
import { FieldLabel } from '../../../ui/shared/FieldLabel.tsx';
import { PlayIcon, StopIcon } from '../../../ui/shared/icons.tsx';
import notes from '../../../ui/shared/note.module.css';
import { Empty, FoldingPanel } from '../../../ui/shared/Panel.tsx';
import { useStore } from '../../../ui/state/store.ts';
import { GoingLine } from './GoingLine.tsx';
import { useActivations } from './store.ts';
import classes from './Trace.module.css';
import { type Threshold, TraceCurves } from './TraceCurves.tsx';
import { TracedMap } from './TracedMap.tsx';
import { saveProjections, stopTrace, trace, useTrace } from './trace.ts';
import { useBusy } from './useBusy.ts';
import { VectorSelect } from './VectorSelect.tsx';

/** In words that the model that ships knows. */
const EXAMPLE = [
  'Tom looked for his red ball. It was gone. He was very sad and cried. Then Mom came with the ball and Tom was happy and smiled.',
  'Lily ran a race with Mia. She came first and laughed.',
].join('\n');

/** Any text, token by token: how far each lies along a vector, in every layer. */
export default function TracePanel() {
  const config = useStore((store) => store.config);
  const choice = useActivations((store) => store.choice);
  const busy = useBusy();
  const { going, texts, reply, problem } = useTrace();
  const id = useId();
  const [typed, setTyped] = useState(EXAMPLE);
  const [tokens, setTokens] = useState('0');
  const [which, setWhich] = useState(0);
  const [token, setToken] = useState(0);
  const [threshold, setThreshold] = useState<Threshold>('scaled');
  const [wrong, setWrong] = useState<string>();
  const shown = texts[Math.min(which, texts.length - 1)];
  const follow = () => {
    const lines = typed.split('\n').filter((line) => line.trim() !== '');
    const maxNewTokens = Number(tokens);
    if (lines.length === 0) return setWrong('there is no text. Write one or more, one a line.');
    if (!Number.isInteger(maxNewTokens) || maxNewTokens < 0)
      return setWrong(`New tokens: "${tokens}" is no whole number from 0 on.`);
    setWrong(undefined);
    setToken(0);
    void trace({ config, vector: choice, texts: lines, maxNewTokens, temperature: 1, seed: config.seed });
  };
  return (
    <FoldingPanel
      id="live.trace"
      title="Watch a text"
      about="A text is read token by token, and at each its activations are projected on a vector, in every layer: where in the sentence, and how deep in the model, the trait appears. Colours show how far along the vector a token lies; words and figures stand in the line below."
      brief={<span className={notes.soft}>{reply ? reply.vector : 'token by token along a vector'}</span>}
      aside={
        going ? (
          <Button size="xs" variant="default" leftSection={<StopIcon />} disabled={going.stopping} onClick={stopTrace}>
            {going.stopping ? 'Stopping' : 'Stop'}
          </Button>
        ) : (
          <Button
            size="xs"
            variant="light"
            leftSection={<PlayIcon />}
            disabled={busy}
            onClick={follow}
            data-testid="trace-start"
          >
            Follow
          </Button>
        )
      }
    >
      <div className={classes.form}>
        <div className={classes.wide}>
          <FieldLabel htmlFor={`${id}-texts`} label="Texts" help="One a line; several are drawn under one axis." />
          <Textarea
            id={`${id}-texts`}
            size="xs"
            rows={3}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            data-testid="trace-texts"
          />
        </div>
        <VectorSelect />
        <div>
          <FieldLabel
            htmlFor={`${id}-tokens`}
            label="Go on by"
            help="Tokens that the model writes behind each; 0: none."
          />
          <TextInput
            id={`${id}-tokens`}
            size="xs"
            inputMode="numeric"
            value={tokens}
            onChange={(event) => setTokens(event.currentTarget.value)}
          />
        </div>
      </div>
      {going && <GoingLine going={going} label="Progress of reading" />}
      {(problem ?? wrong) && (
        <p className={notes.problem} role="alert">
          Not followed: {problem ?? wrong}
        </p>
      )}
      {shown && reply ? (
        <>
          {texts.length > 1 && (
            <NativeSelect
              mt="sm"
              size="xs"
              aria-label="Text that is shown"
              value={String(which)}
              data={texts.map(({ text }, i) => ({ value: String(i), label: text }))}
              onChange={(event) => {
                setWhich(Number(event.currentTarget.value));
                setToken(0);
              }}
            />
          )}
          <TracedMap text={shown} layer={reply.layer} threshold={threshold} token={token} onToken={setToken} />
          <TraceCurves
            texts={texts}
            shown={shown}
            layer={reply.layer}
            threshold={threshold}
            onThreshold={setThreshold}
          />
          <Button size="xs" variant="default" mt="sm" onClick={() => void saveProjections()} data-testid="trace-save">
            Save projections (JSON)
          </Button>
        </>
      ) : (
        !going && <Empty>Press “Follow”: no run is needed.</Empty>
      )}
    </FoldingPanel>
  );
}
