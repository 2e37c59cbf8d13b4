/** Words of the experiments that ship, which nothing may say of another one. */
export const FOREIGN_WORDS =
  /\b(shear|galax(y|ies)|pixels?|stamps?|PSF|SHINE|flow|velocity|moons?|simulat(or|ors|ions?)|network|trained|g1|g2)\b/i;
