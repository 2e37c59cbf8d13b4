/** Names of folders and files as the origin has them. */
import type { Component } from '../../../../nn/transformer/capture.ts';

/** "response[:5]" is "response__5", "response[:]" is "response_all", "prompt[-1]" is "prompt_-1". */
export function positionFolder(position: string): string {
  return position.replace('[:]', '_all').replace('[', '_').replace(']', '').replaceAll(':', '_');
}

/**
 * The origin counts what leaves a block: its layer l is `residual` l + 1. `residual` 0 is before any and has a name of its own; other components
 * are counted alike.
 */
export function layerName(component: Component, layer: number): string {
  if (component !== 'residual') return `layer${layer}`;
  return layer === 0 ? 'embedding' : `layer${layer - 1}`;
}

/** Of a file's name the entry of `residual`; undefined where it says none. */
export function residualOfName(name: string): number | undefined {
  const found = /(?:^|[/\\_.-])layer_?(\d+)\.\w+$/.exec(name);
  return found ? Number(found[1]) + 1 : undefined;
}

/** Letters, digits and a few marks: what any system takes as a part of a path. */
export function pathPart(text: string, otherwise: string): string {
  const part = text
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, '_')
    .replace(/^[._]+/, '')
    .slice(0, 100);
  return part === '' ? otherwise : part;
}
