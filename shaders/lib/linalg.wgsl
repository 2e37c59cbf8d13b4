// Small dense linear algebra for d <= 8, in a thread's own memory.
//
// Computes  A = L L^T (Cholesky-Banachiewicz), L x = b, L^T x = b, L^-1
// Bindings  none: functions only. A matrix is array<f32, 64>, element (i, j) at 8 i + j whatever d; a vector array<f32, 8>.
// Thread    works alone, in place, through pointers to function memory.
// Caller    1 <= d <= 8; only the lower triangle is read, the upper is left as it is.
// Failure   cholesky returns false at the first pivot that is not finite or not positive; A is then half overwritten.
// Twin      Float64Array versions in linalg.test.ts; loops run in the same order.

import package::lib::float::is_finite;

/// A = L L^T, L over the lower triangle of A.
fn cholesky(a: ptr<function, array<f32, 64>>, d: u32) -> bool {
  for (var i = 0u; i < d; i++) {
    for (var j = 0u; j <= i; j++) {
      var sum = (*a)[8u * i + j];
      for (var k = 0u; k < j; k++) {
        sum -= (*a)[8u * i + k] * (*a)[8u * j + k];
      }
      if (i == j) {
        if (!is_finite(sum) || sum <= 0.0) {
          return false;
        }
        (*a)[9u * i] = sqrt(sum);
      } else {
        (*a)[8u * i + j] = sum / (*a)[9u * j];
      }
    }
  }
  return true;
}

/// b <- L^-1 b.
fn solve_lower(l: ptr<function, array<f32, 64>>, d: u32, b: ptr<function, array<f32, 8>>) {
  for (var i = 0u; i < d; i++) {
    var sum = (*b)[i];
    for (var k = 0u; k < i; k++) {
      sum -= (*l)[8u * i + k] * (*b)[k];
    }
    (*b)[i] = sum / (*l)[9u * i];
  }
}

/// b <- L^-T b.
fn solve_lower_transposed(l: ptr<function, array<f32, 64>>, d: u32, b: ptr<function, array<f32, 8>>) {
  for (var step = 0u; step < d; step++) {
    let i = d - 1u - step;
    var sum = (*b)[i];
    for (var k = i + 1u; k < d; k++) {
      sum -= (*l)[8u * k + i] * (*b)[k];
    }
    (*b)[i] = sum / (*l)[9u * i];
  }
}

/// L <- L^-1, lower triangle.
fn invert_lower(l: ptr<function, array<f32, 64>>, d: u32) {
  for (var j = 0u; j < d; j++) {
    (*l)[9u * j] = 1.0 / (*l)[9u * j];
    for (var i = j + 1u; i < d; i++) {
      var sum = 0.0;
      for (var k = j; k < i; k++) {
        sum -= (*l)[8u * i + k] * (*l)[8u * k + j];
      }
      (*l)[8u * i + j] = sum / (*l)[9u * i];
    }
  }
}
