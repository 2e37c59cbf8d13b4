import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const files = ['src/ui', 'src/workloads'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.includes('.test.'))
    .map((name) => `${folder}/${name}`),
);

test('every part of the page that loads later has the boundary of `later`, since nothing else calls React.lazy', () => {
  const callers = files.filter((file) => /\blazy\b[^;]*from 'react'/.test(readFileSync(file, 'utf8')));
  expect(callers).toEqual(['src/ui/shared/later.tsx']);
});
