/** Explains the panel of the watched chain, also before there is a chain to draw. */
export const TRAJECTORY_HELP =
  'Where the chains of the watched posterior have been, in the plane of two parameters. A disk is a new position, a cross a proposal that was turned down: the chain stayed. Between two looks a chain may take many transitions; press Step to see each.';
