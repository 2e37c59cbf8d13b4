/** What the answer to an item is: a part of the Learn tab. */
export function ItemOfItsOwn({ one }: { readonly one: string }) {
  return (
    <p>
      Each {one} is a problem of its own: an observation, a model that predicts it from a few parameters θ, and a prior.
      The answer is not one value but the posterior, every value weighted by how well it fits and how plausible it was
      before:
    </p>
  );
}
