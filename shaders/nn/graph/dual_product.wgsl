// A linear operation along a direction, forwards or backwards: products of values and their derivatives with weights and theirs.
//
// Computes  y' = x' W + x W' + b'; condition `primal`: y = x W beside it. Forwards x is an operation's input; backwards (R-operator, Pearlmutter 1994) x is the
//           adjoint of its output, x' that one's derivative and W turned. Conditions: `parameters`: W' is there, else 0; `biased`: b' is added; `down`: the tensor has
//           a row for every number of x, else for every number of y; `accumulate`: y, y' are added to what is there; `based`: to what 10 and 9 hold. Condition `quads`:
//           as in product.wgsl.
// Bindings  0 x, 3 x' [position][4 INNER4]; 1 W (matrix.wgsl), 4 W' (along_matrix.wgsl); 2 b' (bias.wgsl); 5 y, 8 y' [position][4 OUTER4]; 9 base of y', 10 of y.
// Workgroup THREADS threads, in quads whole subgroups: positions in turn, of the same columns.
// Thread    BLOCK_ROWS positions (unrolled r) THREADS apart by BLOCK4 columns in fours (c), four inputs at a time (k): W is read once for both products.
// Order     over the inputs by fours, (0 + 1) + (2 + 3) of each, x W' before x' W. What a position gives hangs on no other.
// Caller    ceil(positions / (THREADS BLOCK_ROWS)) x COLUMN_BLOCKS workgroups, counted row by row; what is computed beyond the last position is never read.
// Twin      linearTangent, linearTurn of src/nn/graph/twin/linear.ts.

@if(biased) import package::nn::graph::bias::b_at;
@if(parameters) import package::nn::graph::along_matrix::dw_at;
import package::nn::graph::matrix::w_at;
import package::nn::graph::tail::within;
import constants::{INNER4, OUTER, OUTER4, COLUMN_BLOCKS, BLOCK_ROWS, BLOCK4, THREADS};

@if(parameters || primal) @group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(3) var<storage, read> dx: array<vec4f>;
@if(primal) @group(0) @binding(5) var<storage, read_write> y: array<vec4f>;
@group(0) @binding(8) var<storage, read_write> dy: array<vec4f>;
@if(based) @group(0) @binding(9) var<storage, read> dy_base: array<vec4f>;
@if(based && primal) @group(0) @binding(10) var<storage, read> y_base: array<vec4f>;

/// A sum after four more inputs.
fn after(sum: vec4f, x: vec4f, a: vec4f, b: vec4f, c: vec4f, d: vec4f) -> vec4f {
  @if(down) return sum + (fma(vec4f(x.x), a, x.y * b) + fma(vec4f(x.z), c, x.w * d));
  @if(!down) return sum + (fma(vec4f(x.x), vec4f(a.x, b.x, c.x, d.x), x.y * vec4f(a.y, b.y, c.y, d.y))
    + fma(vec4f(x.z), vec4f(a.z, b.z, c.z, d.z), x.w * vec4f(a.w, b.w, c.w, d.w)));
}

/// Row of the tensor: the k-th of four inputs, or the k-th of four columns.
fn row_at(i: u32, column: u32, k: u32) -> u32 {
  @if(down) return 4u * i + k;
  @if(!down) return min(4u * column + k, OUTER - 1u);
}

fn column_at(i: u32, column: u32) -> u32 {
  @if(down) return column;
  @if(!down) return i;
}

/// Four numbers in the order in which a lane meets those of its quad.
@if(quads) fn turned(value: vec4f, lane: u32) -> vec4f {
  let near = select(value, value.yxwz, (lane & 1u) == 1u);
  return select(near, near.zwxy, (lane & 2u) == 2u);
}

fn put_tangent(at: u32, value: vec4f) {
  @if(accumulate) { dy[at] += value; }
  @if(based) { dy[at] = dy_base[at] + value; }
  @if(!accumulate && !based) { dy[at] = value; }
}

@if(primal) fn put(at: u32, value: vec4f) {
  @if(accumulate) { y[at] += value; }
  @if(based) { y[at] = y_base[at] + value; }
  @if(!accumulate && !based) { y[at] = value; }
}

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
  @if(quads) @builtin(subgroup_invocation_id) lane: u32,
) {
  let number = group.y * groups.x + group.x;
  let positions = arrayLength(&dy) / OUTER4;
  let first = number / COLUMN_BLOCKS * THREADS * BLOCK_ROWS + local;
  let column = number % COLUMN_BLOCKS * BLOCK4;
  //! unroll r
  let from$r = min(first + $ru * THREADS, positions - 1u) * INNER4;
  //! end
  //! unroll c
  let column$c = min(column + $cu, OUTER4 - 1u);
  //! unroll r
  var t$r_$c = vec4f();
  @if(primal) var y$r_$c = vec4f();
  //! end
  //! end
  for (var i = 0u; i < INNER4; i++) {
    //! unroll r
    let dx_own$r = dx[from$r + i];
    @if(parameters || primal) let x_own$r = x[from$r + i];
    @if(quads && down) let dx$r = turned(dx_own$r, lane);
    @if(quads && down && (parameters || primal)) let x$r = turned(x_own$r, lane);
    @if(!quads || !down) let dx$r = dx_own$r;
    @if((!quads || !down) && (parameters || primal)) let x$r = x_own$r;
    //! end
    //! unroll c
    @if(quads) let w$c_0 = w_at(row_at(i, column$c, lane), column_at(i, column$c));
    @if(quads) let w$c_1 = quadSwapX(w$c_0);
    @if(quads) let w$c_2 = quadSwapY(w$c_0);
    @if(quads) let w$c_3 = quadSwapDiagonal(w$c_0);
    @if(!quads) let w$c_0 = w_at(row_at(i, column$c, 0u), column_at(i, column$c));
    @if(!quads) let w$c_1 = w_at(row_at(i, column$c, 1u), column_at(i, column$c));
    @if(!quads) let w$c_2 = w_at(row_at(i, column$c, 2u), column_at(i, column$c));
    @if(!quads) let w$c_3 = w_at(row_at(i, column$c, 3u), column_at(i, column$c));
    @if(parameters) {
      @if(quads) let v$c_0 = dw_at(row_at(i, column$c, lane), column_at(i, column$c));
      @if(quads) let v$c_1 = quadSwapX(v$c_0);
      @if(quads) let v$c_2 = quadSwapY(v$c_0);
      @if(quads) let v$c_3 = quadSwapDiagonal(v$c_0);
      @if(!quads) let v$c_0 = dw_at(row_at(i, column$c, 0u), column_at(i, column$c));
      @if(!quads) let v$c_1 = dw_at(row_at(i, column$c, 1u), column_at(i, column$c));
      @if(!quads) let v$c_2 = dw_at(row_at(i, column$c, 2u), column_at(i, column$c));
      @if(!quads) let v$c_3 = dw_at(row_at(i, column$c, 3u), column_at(i, column$c));
      //! unroll r
      t$r_$c = after(t$r_$c, x$r, v$c_0, v$c_1, v$c_2, v$c_3);
      //! end
    }
    //! unroll r
    t$r_$c = after(t$r_$c, dx$r, w$c_0, w$c_1, w$c_2, w$c_3);
    @if(primal) { y$r_$c = after(y$r_$c, x$r, w$c_0, w$c_1, w$c_2, w$c_3); }
    //! end
    //! end
  }
  //! unroll r
  //! unroll c
  @if(quads && !down) {
    t$r_$c = turned(t$r_$c, lane);
    @if(primal) { y$r_$c = turned(y$r_$c, lane); }
  }
  if (first + $ru * THREADS < positions && column + $cu < OUTER4) {
    let at$r_$c = (first + $ru * THREADS) * OUTER4 + column$c;
    @if(biased) { t$r_$c += b_at(column$c); }
    put_tangent(at$r_$c, within(column$c, t$r_$c));
    @if(primal) { put(at$r_$c, within(column$c, y$r_$c)); }
  }
  //! end
  //! end
}
