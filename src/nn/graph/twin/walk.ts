/** The four passes through a row's operations, in f64. */
import type { Operation } from '../graph.ts';
import { attentionBackward, attentionForward, attentionTangent } from './attention.ts';
import {
  activationBackward,
  activationForward,
  activationTangent,
  activationTurn,
  addBackward,
  addForward,
  multiplyBackward,
  multiplyForward,
  multiplyTangent,
  multiplyTurn,
  rotate,
  tableBackward,
  tableForward,
  tableTangent,
} from './elementwise.ts';
import { linearBackward, linearForward, linearTangent, linearTurn } from './linear.ts';
import { normBackward, normForward, normTangent, normTurn } from './norm.ts';
import type { Parameters, Row } from './row.ts';

export function forwardOf(op: Operation, row: Row, parameters: Parameters): void {
  switch (op.kind) {
    case 'embed':
    case 'positions':
      tableForward(op, row, parameters);
      break;
    case 'norm':
      normForward(op, row, parameters);
      break;
    case 'linear':
      linearForward(op, row, parameters);
      break;
    case 'rotary':
      rotate(op, row, row.values.of(op.x), row.values.of(op.out).fill(0), 1);
      break;
    case 'attention':
      attentionForward(op, row);
      break;
    case 'activation':
      activationForward(op, row);
      break;
    case 'multiply':
      multiplyForward(op, row);
      break;
    case 'add':
      addForward(op, row.values);
      break;
  }
}

/** Into tangents that hold 0. */
export function tangentOf(op: Operation, row: Row, parameters: Parameters): void {
  switch (op.kind) {
    case 'embed':
    case 'positions':
      tableTangent(op, row, parameters);
      break;
    case 'norm':
      normTangent(op, row, parameters);
      break;
    case 'linear':
      linearTangent(op, row, parameters);
      break;
    case 'rotary':
      rotate(op, row, row.tangents.of(op.x), row.tangents.of(op.out), 1);
      break;
    case 'attention':
      attentionTangent(op, row);
      break;
    case 'activation':
      activationTangent(op, row);
      break;
    case 'multiply':
      multiplyTangent(op, row);
      break;
    case 'add':
      addForward(op, row.tangents);
      break;
  }
}

/** Adds to the adjoints of what the operation reads. @param parameters whose gradient, where there is one, is added to */
export function backwardOf(op: Operation, row: Row, parameters: Parameters): void {
  switch (op.kind) {
    case 'embed':
    case 'positions':
      tableBackward(op, row, row.adjoints, parameters.gradient);
      break;
    case 'norm':
      normBackward(op, row, parameters);
      break;
    case 'linear':
      linearBackward(op, row, parameters);
      break;
    case 'rotary':
      rotate(op, row, row.adjoints.of(op.out), row.adjoints.of(op.x), -1);
      break;
    case 'attention':
      attentionBackward(op, row, false);
      break;
    case 'activation':
      activationBackward(op, row);
      break;
    case 'multiply':
      multiplyBackward(op, row);
      break;
    case 'add':
      addBackward(op, row.adjoints);
      break;
  }
}

/** The same along the direction: adjoints as `backwardOf` without a gradient, and R{adjoints}, R{gradient}. */
export function turnOf(op: Operation, row: Row, parameters: Parameters): void {
  const { theta, direction } = parameters;
  if (op.kind === 'attention') {
    attentionBackward(op, row, true);
    return;
  }
  backwardOf(op, row, { theta, direction });
  switch (op.kind) {
    case 'embed':
    case 'positions':
      tableBackward(op, row, row.turns, parameters.gradient);
      break;
    case 'norm':
      normTurn(op, row, parameters);
      break;
    case 'linear':
      linearTurn(op, row, parameters);
      break;
    case 'rotary':
      rotate(op, row, row.turns.of(op.out), row.turns.of(op.x), -1);
      break;
    case 'activation':
      activationTurn(op, row);
      break;
    case 'multiply':
      multiplyTurn(op, row);
      break;
    case 'add':
      addBackward(op, row.turns);
      break;
  }
}
