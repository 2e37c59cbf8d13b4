/** reproduce.sh: the same run again through the command line, and whether it came out the same. */

import type { OwnFiles } from './own-file.ts';

export interface ReproduceInput {
  /** Whether it was computed on the CPU. */
  readonly cpu: boolean;
  readonly files: OwnFiles;
}

/** Each of them with its flag and its name as the shell takes it. */
export function givenFiles(files: OwnFiles) {
  return Object.entries(files).flatMap(([role, file]) =>
    file
      ? [{ flag: `--${role}`, sha256: file.sha256, kind: file.folder ? 'folder' : 'file', quoted: quote(file.name) }]
      : [],
  );
}

/** Text of reproduce.sh, for any POSIX shell. */
export function reproduceSh({ cpu, files }: ReproduceInput): string {
  const given = givenFiles(files);
  const checks = given.map(({ quoted, sha256, kind }) => {
    return `[ -e "$here"/${quoted} ] || fail "Put the ${kind} "${quoted}" (${sha256}) beside this script: bundles do not hold your own data."\n`;
  });
  const flags = [...given.map(({ flag, quoted }) => `${flag} "$here"/${quoted}`), ...(cpu ? ['--cpu'] : [])];
  return `#!/bin/sh
# Reruns this bundle headless with its own run.json and compares the result ids.
# usage: sh reproduce.sh LOCKSTEP_FOLDER [OUTPUT_FOLDER]
#   LOCKSTEP_FOLDER  a checkout of Lockstep with its packages installed
#   OUTPUT_FOLDER    where the new run goes (default: rerun, in the current folder)
# Exit code 0: the same id. Ids are equal on one adapter and version; elsewhere compare within Monte Carlo errors.
set -eu
fail() { echo "$1" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
lockstep=\${1:-}
output=\${2:-rerun}
[ -f "$lockstep/scripts/lockstep.mjs" ] || fail "Give the folder of Lockstep: sh reproduce.sh LOCKSTEP_FOLDER [OUTPUT_FOLDER]"
${checks.join('')}case $output in /*) ;; *) output=$(pwd)/$output ;; esac
node "$lockstep/scripts/lockstep.mjs" run --config "$here/run.json" --output-dir "$output"${flags.map((flag) => ` ${flag}`).join('')}
id() { sed -n 's/^ *"result_id": "\\(sha256:[0-9a-f]*\\)".*/\\1/p' "$1"; }
before=$(id "$here/manifest.json")
after=$(id "$output/manifest.json")
echo "bundle $before"
echo "rerun  $after"
[ -n "$before" ] && [ "$before" = "$after" ] || { echo "The results differ."; exit 1; }
echo "The same result."
`;
}

/** A word that the shell takes as it is. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\\\''")}'`;
}
