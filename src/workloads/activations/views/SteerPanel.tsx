import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useEffect, useId, useState } from 'react';
import { compact, grouped } from '../../../ui/format.ts';
import { FieldLabel } from '../../../ui/shared/FieldLabel.tsx';
import { PlayIcon, StopIcon } from '../../../ui/shared/icons.tsx';
import notes from '../../../ui/shared/note.module.css';
import { Empty, FoldingPanel } from '../../../ui/shared/Panel.tsx';
import { useStore } from '../../../ui/state/store.ts';
import classes from './Steer.module.css';
import { SteeredTable } from './SteeredTable.tsx';
import { SteeredTexts } from './SteeredTexts.tsx';
import { SteerSlider } from './SteerSlider.tsx';
import { steer, stopSteering, tryRandom, useSteer } from './steer.ts';
import { useActivations } from './store.ts';
import { useBusy } from './useBusy.ts';
import { VectorSelect } from './VectorSelect.tsx';

/** Stories written twice side by side: by the model as it is, and pushed along a vector as far as the slider says. */
export default function SteerPanel() {
  const config = useStore((store) => store.config);
  const choice = useActivations((store) => store.choice);
  // The texts that ship are happy and sad; of others it is not known what they are.
  const own = useStore(({ files }) => [files.positive, files.negative, files.trait, files.vector].some(Boolean));
  const busy = useBusy();
  const { state, preparing, reply, setting, tokensPerSecond, steered, plain, randomGoing, problem } = useSteer();
  const id = useId();
  const [prompts, setPrompts] = useState('');
  const [tokens, setTokens] = useState('40');
  const [temperature, setTemperature] = useState('1');
  const [where, setWhere] = useState<'response' | 'all'>('response');
  const [wrong, setWrong] = useState<string>();
  // Nobody looks: others may have the device.
  useEffect(() => stopSteering, []);
  const begin = () => {
    const maxNewTokens = Number(tokens);
    const heat = Number(temperature);
    if (!Number.isInteger(maxNewTokens) || maxNewTokens < 1)
      return setWrong(`New tokens: "${tokens}" is no whole number from 1 on.`);
    if (!(heat >= 0 && heat <= 10)) return setWrong(`Temperature: "${temperature}" is no number from 0 to 10.`);
    setWrong(undefined);
    void steer({
      config,
      vector: choice,
      prompts: prompts.split('\n').filter((line) => line.trim() !== ''),
      textsEach: 1,
      maxNewTokens,
      temperature: heat,
      seed: config.seed,
      where,
    });
  };
  // Back at nothing, what was being written under a strength before it is of no account.
  const asked = setting.strength === 0 ? plain : steered;
  const writing = state === 'on' && (plain?.done === false || asked?.done === false);
  return (
    <FoldingPanel
      id="live.steer"
      open
      title="Steer a story"
      about="A direction inside the model that tells happy from sad texts is added to its stream while it writes. Push the slider: every story is written anew, with the same random numbers, beside the story that the model writes when it is left alone."
      brief={<span className={notes.soft}>{reply ? reply.vector : 'no run needed'}</span>}
      aside={
        state === 'off' ? (
          <Button size="xs" leftSection={<PlayIcon />} disabled={busy} onClick={begin} data-testid="steer-start">
            {reply ? 'Write anew' : 'Steer a story'}
          </Button>
        ) : (
          <Button
            size="xs"
            variant="default"
            leftSection={<StopIcon />}
            onClick={stopSteering}
            data-testid="steer-stop"
          >
            Stop steering
          </Button>
        )
      }
    >
      <SteerSlider own={own} />
      <p className={notes.note} data-testid="steer-facts" data-state={state}>
        {state === 'starting'
          ? preparing
          : reply
            ? `One unit is ${compact(reply.unit)}, the mean length of the stream there. ${writing ? `${compact(tokensPerSecond)} tokens/s.` : ''}${state === 'off' ? ' It has let go of the device: move the slider to go on.' : ''}`
            : 'One unit of strength is the mean length of the stream at that place. 0.5 is plain to see, 1 breaks the language.'}
      </p>
      {(problem ?? wrong) && (
        <p className={notes.problem} role="alert">
          Not steered: {problem ?? wrong}
        </p>
      )}
      {reply && plain ? (
        <>
          <SteeredTable
            random={
              <Button
                size="compact-xs"
                variant="default"
                disabled={state !== 'on' || randomGoing !== undefined || setting.strength === 0}
                onClick={tryRandom}
                data-testid="steer-random"
              >
                {randomGoing ? `${grouped(randomGoing.done)} of ${grouped(randomGoing.of)}` : 'Try random directions'}
              </Button>
            }
          />
          <SteeredTexts reply={reply} plain={plain} steered={setting.strength === 0 ? plain : steered} />
        </>
      ) : (
        <Empty>
          Press “Steer a story”: the model that ships reads some happy and sad beginnings, finds the direction between
          them, and writes. It takes seconds.
        </Empty>
      )}
      <details className={notes.details}>
        <summary>What is written, and by which vector</summary>
        <div className={classes.form}>
          <div className={classes.wide}>
            <FieldLabel
              htmlFor={`${id}-prompts`}
              label="Beginnings"
              help="One a line. Left empty: the beginnings that ship, which leave open how the story goes."
            />
            <Textarea
              id={`${id}-prompts`}
              size="xs"
              rows={3}
              value={prompts}
              placeholder="the open beginnings that ship"
              onChange={(event) => setPrompts(event.currentTarget.value)}
            />
          </div>
          <VectorSelect />
          <div>
            <FieldLabel htmlFor={`${id}-tokens`} label="New tokens" help="Of each story at most." />
            <TextInput
              id={`${id}-tokens`}
              size="xs"
              inputMode="numeric"
              value={tokens}
              onChange={(event) => setTokens(event.currentTarget.value)}
            />
          </div>
          <div>
            <FieldLabel
              htmlFor={`${id}-temperature`}
              label="Temperature"
              help="1 draws as the model says. At 0 every story takes its likeliest words: stories collapse onto each other, and one random direction may look like a trait."
            />
            <TextInput
              id={`${id}-temperature`}
              size="xs"
              inputMode="decimal"
              value={temperature}
              onChange={(event) => setTemperature(event.currentTarget.value)}
            />
          </div>
          <div>
            <FieldLabel
              htmlFor={`${id}-where`}
              label="Steered tokens"
              help="Whether the vector is added at every token, or only where the model writes."
            />
            <NativeSelect
              id={`${id}-where`}
              size="xs"
              value={where}
              data={[
                { value: 'response', label: 'of the response' },
                { value: 'all', label: 'all' },
              ]}
              onChange={(event) => setWhere(event.currentTarget.value as typeof where)}
            />
          </div>
        </div>
        <p className={notes.note}>Changes hold from the next press of “{reply ? 'Write anew' : 'Steer a story'}”.</p>
      </details>
    </FoldingPanel>
  );
}
