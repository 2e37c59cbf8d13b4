/** The files that people without data of their own try: small, made again to the byte, and read without a word against them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { experiments } from '../../src/workloads/catalog.ts';
import { root } from '../locate.mjs';
import { examples } from './examples.ts';

const shipped = (path: string) => new Uint8Array(readFileSync(join(root, 'public', path)));
const roles = experiments.flatMap((experiment) =>
  experiment.files.flatMap((role) => (role.example ? [{ experiment, role }] : [])),
);

test('every experiment that takes files has an example of one', () => {
  for (const { id, files } of experiments.filter((each) => each.files.length > 0))
    expect(files.filter(({ example }) => example).length, id).toBeGreaterThan(0);
});

test('the script makes the files that ship again, byte for byte, and there are no others', async () => {
  const made = await examples();
  expect(readdirSync(join(root, 'public/examples')).sort()).toEqual(Object.keys(made).sort());
  for (const [name, bytes] of Object.entries(made)) expect(shipped(`examples/${name}`), name).toEqual(bytes);
});

test.each(roles)(
  '$experiment.id, $role.role: an example ships, its preset is there, and the role reads it',
  async ({ experiment, role }) => {
    const { path, preset, title } = role.example!;
    expect(title).not.toBe('');
    expect(experiment.presets.map(({ id }) => id)).toContain(preset);
    const bytes = shipped(path);
    // A network that ships anyway is the largest.
    expect(bytes.length).toBeLessThan(300_000);
    const name = path.slice(path.lastIndexOf('/') + 1);
    expect(role.accept.some((end) => name.endsWith(end))).toBe(true);
    const { count } = await role.read(name, bytes);
    // What goes with another has as many.
    const other = experiment.files.find((each) => each.role === role.counts?.as);
    if (other?.example) expect(count).toBe((await other.read('other', shipped(other.example.path))).count);
  },
);

test('every file of the repository that a command of the README or of docs takes is there', () => {
  const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)].filter((name) =>
    name.endsWith('.md'),
  );
  const commands = pages.flatMap((page) =>
    readFileSync(join(root, page), 'utf8')
      .split('\n')
      .filter((line) => /npm run (lockstep|train) --/.test(line))
      .map((line) => ({ page, line })),
  );
  const taken = commands.flatMap(({ page, line }) =>
    [...line.matchAll(/--(?:images|truth|network) (\S+?)(?=[\s`]|$)/g)].map(([, path]) => ({ page, path })),
  );
  expect(taken.length).toBeGreaterThan(3);
  // What a command before it has made is no file of the repository.
  for (const { page, path } of taken.filter(({ path }) => !path.startsWith('results/')))
    expect(() => readFileSync(join(root, path)), `${path} in ${page}`).not.toThrow();
});
