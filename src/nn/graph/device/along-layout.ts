/** Derivatives in the places of what they are derivatives of: operations that are linear in what they read treat both alike. */
import type { Layout } from './layout.ts';

/** The layout with tangents for values and derivatives of adjoints for adjoints. */
export function alongLayout(layout: Layout): Layout {
  const place = (of: (value: string) => string) => ({ value: of });
  return Object.create(layout, {
    value: place((value) => layout.tangent(value)),
    adjoint: place((value) => layout.second(value)),
  });
}
