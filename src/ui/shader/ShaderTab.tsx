import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { arithmeticWords } from '../../engine/run/cpu-path.ts';
import { grouped } from '../format.ts';
import { Empty, Panel } from '../shared/Panel.tsx';
import { useStore } from '../state/store.ts';
import { highlight } from './highlight.ts';
import classes from './ShaderTab.module.css';

/** The WGSL of the last run, exactly as the device compiled it. */
export default function ShaderTab() {
  const shaders = useStore((store) => store.run?.shaders);
  const run = useStore((store) => store.run);
  const [chosen, setChosen] = useState<string>();
  const names = Object.keys(shaders ?? {});
  const name = chosen !== undefined && names.includes(chosen) ? chosen : names[0];
  if (run && run.mode !== 'webgpu') {
    return (
      <Empty>
        This run computed on the CPU ({arithmeticWords(run.cpu)}), so no WGSL ran. Where there is WebGPU, the kernels
        are shown here.
      </Empty>
    );
  }
  if (!shaders || name === undefined) {
    return (
      <Empty>
        Once a run has started, the WGSL that runs is shown here, linked for this configuration and this adapter.
      </Empty>
    );
  }
  const text = shaders[name];
  return (
    <Panel
      title="WGSL"
      about="The text the device compiles: modules linked, functions that nobody calls dropped, sizes of this configuration filled in. The same text goes into the exported bundle."
      aside={<Copy text={text} />}
    >
      <div className={classes.files}>
        {names.map((file) => (
          <Button
            key={file}
            size="xs"
            variant={file === name ? 'light' : 'default'}
            aria-pressed={file === name}
            onClick={() => setChosen(file)}
          >
            {file}
          </Button>
        ))}
        <span className={classes.count}>{grouped(text.split('\n').length)} lines</span>
      </div>
      <Source key={name} name={name} text={text} />
    </Panel>
  );
}

function Source({ name, text }: { readonly name: string; readonly text: string }) {
  const lines = useMemo(() => highlight(text), [text]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable to scroll it by keyboard
    <section className={classes.source} tabIndex={0} aria-label={`Source of ${name}`}>
      <pre>
        {lines.map((line, number) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line of a fixed text is its number
          <div key={number} className={classes.row}>
            <span className={classes.number} aria-hidden="true">
              {number + 1}
            </span>
            <code>
              {line.map((token, at) =>
                token.kind === 'plain' ? (
                  token.text
                ) : (
                  // biome-ignore lint/suspicious/noArrayIndexKey: tokens of a fixed text never move
                  <span key={at} data-kind={token.kind}>
                    {token.text}
                  </span>
                ),
              )}
            </code>
          </div>
        ))}
      </pre>
    </section>
  );
}

function Copy({ text }: { readonly text: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <Button
      size="xs"
      variant="default"
      onClick={() => {
        void navigator.clipboard.writeText(text).then(() => setCopied(true));
        setTimeout(() => setCopied(false), 2000);
      }}
    >
      {copied ? 'Copied' : 'Copy'}
    </Button>
  );
}
