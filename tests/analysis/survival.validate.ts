/** Every metric with one, two and five rows at once, and with other ids for padding: equal bits. */
import { survival } from './survival.ts';

survival([1, 2, 5], true);
