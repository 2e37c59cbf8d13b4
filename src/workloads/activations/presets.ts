/** Ready-made runs. Some are the beginning of something that a panel of the Results tab goes on with. */
import type { Preset } from '../workload.ts';

export const activationsPresets: readonly Preset[] = [
  {
    id: 'first',
    label: 'First look',
    help: '20 texts, 24 tokens each: done in moments, and enough to see which layer knows how a story goes.',
    params: { texts: 10, maxNewTokens: 24, position: 'prompt[-1], response[:5]' },
  },
  {
    id: 'happy-and-sad',
    label: 'Happy and sad',
    help: 'All texts of both sides, tokens drawn: vectors of every layer, with held-out scores and controls beside.',
    params: { texts: 60, temperature: 1, position: 'prompt[-1], response[:5], response[:]' },
  },
  {
    id: 'batched-serial',
    label: 'Batched = serial',
    help: '64 texts. Then Batch table measures them one by one and in batches of 1 to 64, and the largest difference, which is 0.',
    params: { texts: 32, maxNewTokens: 64 },
  },
  {
    id: 'padding',
    label: 'What padding does',
    help: 'Texts of many lengths, averaged over all their tokens. Then What padding does shows how far pads would move each.',
    params: { texts: 16, maxNewTokens: 0, position: 'all[:]' },
  },
  {
    id: 'steer',
    label: 'Steer',
    help: 'Texts of both sides, for a vector at every layer. Then Steer writes stories with it, as far as you push the slider.',
    params: { texts: 40, temperature: 1, position: 'prompt[-1], response[:5]' },
  },
  {
    id: 'watch',
    label: 'Watch a text',
    help: 'A few texts. Then Watch a text follows one token by token along a vector, in every layer.',
    params: { texts: 10, maxNewTokens: 48, position: 'response[:5]' },
  },
];
