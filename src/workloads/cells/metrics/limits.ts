/** How many cells a metric looks at. Part of each definition: distances of samples fall as samples grow. */

export const MOST_CELLS = 4000;
/** Cells in ln(1 + x), where distances are no whole numbers and cost ten times as much. */
export const LOG_CELLS = 1000;
export const CFGEN_CELLS = 1000;
/** Exact transport grows with the cube of the cells. */
export const TRANSPORT_CELLS = 500;
export const SINKHORN_CELLS = 200;
export const COMPONENTS = 50;
/** Copies of a cell that is always the same: as many as st3's median looks at, and as good as any number. */
export const COPIES = 100;
/** Cells of one perturbation. */
export const PERTURBATION_CELLS = 1000;
export const ENERGY_CELLS = 256;
/** The classifier has ten units a component and layer: its price grows with the square of them. */
export const CLASSIFIER_COMPONENTS = 10;
export const CLASSIFIER_CELLS = 1000;
