import { survival } from './survival.ts';

// Other numbers of rows, and other ids for padding: survival.validate.ts.
survival([2], false);
