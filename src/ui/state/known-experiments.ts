/** What a form needs of an experiment loads when somebody turns to it. Each rejects where that cannot be fetched. */
import { know, knownExperiments } from '../../workloads/known.ts';
import { listedExperiments } from '../../workloads/listed.ts';

/** Whether a configuration may name it now. */
export function isKnown(id: string): boolean {
  return knownExperiments.some((known) => known.id === id);
}

/** From then on a configuration may name it; nothing happens where there is no such experiment. */
export async function getToKnow(id: string): Promise<void> {
  const listed = listedExperiments.find((listed) => listed.id === id);
  if (listed && !isKnown(id)) know([await listed.describe()]);
}

/** Before what may be of any experiment, such as a run that was kept. */
export async function getToKnowAll(): Promise<void> {
  await Promise.all(listedExperiments.map(({ id }) => getToKnow(id)));
}

/** What the address names. A name that is wrong is told with all that would be right. */
export async function getToKnowAddressed(search: string): Promise<void> {
  const id = new URLSearchParams(search).get('workload');
  if (id === null || isKnown(id)) return;
  await (listedExperiments.some((listed) => listed.id === id) ? getToKnow(id) : getToKnowAll());
}

/** The first experiment that takes files in all of these roles. */
export async function experimentTaking(...roles: readonly string[]): Promise<string | undefined> {
  await getToKnowAll();
  return knownExperiments.find(({ files }) => roles.every((role) => files.some((file) => file.role === role)))?.id;
}
