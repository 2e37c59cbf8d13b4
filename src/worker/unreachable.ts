/** Closes a switch over a union: a new member is a compile error at every switch that forgot it. */
export function unreachable(value: never): never {
  throw new Error(`unexpected message ${JSON.stringify(value)}`);
}
