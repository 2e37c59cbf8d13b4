import { Component, type ComponentType, lazy, type ReactNode } from 'react';
import { isNotLoaded } from '../../worker/not-loaded.ts';
import classes from './later.module.css';

type Loading<P> = () => Promise<{ readonly default: ComponentType<P> }>;

/**
 * A part of the page whose code loads when it is first shown. Where it cannot be loaded, as offline, or breaks, that part alone says so and
 * offers another try; the rest of the page goes on. Put a `Suspense` around it for the time until it is there.
 * @param giveUp makes a part of it that must be answered: without its code nothing can be but this
 */
export function later<P extends object = object>(load: Loading<P>, giveUp?: (props: P) => void): ComponentType<P> {
  const source = new Source(load);
  return (props) => <Part source={source} props={props} giveUp={giveUp && (() => giveUp(props))} />;
}

/** The code of a part: asked for once, and again after a failure. */
class Source<P> {
  component: ComponentType<P>;

  constructor(readonly load: Loading<P>) {
    this.component = this.#attempt();
  }

  again(): void {
    fetchStylesAgain();
    // What was rejected stays so.
    this.component = this.#attempt();
  }

  #attempt(): ComponentType<P> {
    return lazy(this.load) as unknown as ComponentType<P>;
  }
}

interface PartProps<P> {
  readonly source: Source<P>;
  readonly props: P;
}

function Part<P extends object>({ source, props, giveUp }: PartProps<P> & { readonly giveUp?: () => void }) {
  return (
    <Boundary again={() => source.again()} giveUp={giveUp}>
      <Body source={source} props={props} />
    </Boundary>
  );
}

function Body<P extends object>({ source: { component: Component }, props }: PartProps<P>) {
  return <Component {...props} />;
}

interface MissingProps {
  readonly again: () => void;
  readonly giveUp?: () => void;
}

interface BoundaryState {
  readonly problem?: { readonly error: unknown };
}

class Boundary extends Component<MissingProps & { readonly children: ReactNode }, BoundaryState> {
  override state: BoundaryState = {};

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { problem: { error } };
  }

  /** Shown anew, it is tried anew. */
  override componentWillUnmount(): void {
    if (this.state.problem) this.props.again();
  }

  override render(): ReactNode {
    const { again, giveUp, children } = this.props;
    const { problem } = this.state;
    if (!problem) return children;
    const tryAgain = () => {
      again();
      this.setState({ problem: undefined });
    };
    return <Missing error={problem.error} again={tryAgain} giveUp={giveUp} />;
  }
}

/** In the place of a part that is not there. */
export function Missing({ error, again, giveUp }: MissingProps & { readonly error: unknown }) {
  return (
    <div className={classes.missing} data-asked={giveUp && true} role="alert" data-testid="part-missing">
      <p>{words(error)}</p>
      <div>
        {giveUp && (
          <button type="button" onClick={giveUp}>
            Cancel
          </button>
        )}
        <button type="button" onClick={again}>
          Try again
        </button>
      </div>
    </div>
  );
}

function words(error: unknown): string {
  if (isNotLoaded(error))
    return 'This part of the page could not be fetched: this device may be offline. All the rest goes on.';
  return `This part of the page broke: ${error instanceof Error ? error.message : String(error)}. All the rest goes on.`;
}

/** Marks style sheets that did not come. One that may still come is left alone: an import waits for it. */
const FAILED = 'data-failed';
globalThis.document?.addEventListener(
  'error',
  ({ target }) => {
    if (target instanceof HTMLLinkElement && target.rel === 'stylesheet') target.setAttribute(FAILED, '');
  },
  { capture: true },
);

/** A style sheet that did not come is not asked for a second time by the import that needs it. */
export function fetchStylesAgain(): void {
  for (const link of document.querySelectorAll(`link[${FAILED}]`)) {
    const next = link.cloneNode() as HTMLLinkElement;
    next.removeAttribute(FAILED);
    link.replaceWith(next);
  }
}
