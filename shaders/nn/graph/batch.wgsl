// Rows in flight: positions of all rows one behind the other, without gaps.
//
// Layout    batch[0] rows, [1] positions of all rows (tokens), [2] positions of a row at most (capacity), [3] different ids; [4 …] where lists begin: starts
//           [rows + 1], row of a token, id of a token, the different ids in rising order, where the tokens of each begin [ids + 1], those tokens in rising order;
//           [10] positions of the longest row; [11], [12] where two more lists begin: tokens row by row in the order of their ids, and those ids.
// Bindings  7 batch.
// Caller    src/nn/graph/device/batch.ts writes it.
// Twin      batchOf of src/nn/graph/device/batch.ts.

@group(0) @binding(7) var<storage, read> batch: array<u32>;

fn row_count() -> u32 { return batch[0]; }
fn token_count() -> u32 { return batch[1]; }
/// Positions of a row at most: what patterns are laid out by.
fn capacity() -> u32 { return batch[2]; }
/// Positions of the longest row in flight.
fn longest() -> u32 { return batch[10]; }
/// Different ids in flight.
fn entry_count() -> u32 { return batch[3]; }

/// First token of a row; of row_count(): where the last row ends.
fn row_start(row: u32) -> u32 { return batch[batch[4] + row]; }
fn row_of(token: u32) -> u32 { return batch[batch[5] + token]; }
fn id_of(token: u32) -> u32 { return batch[batch[6] + token]; }
fn position_of(token: u32) -> u32 { return token - row_start(row_of(token)); }

/// The i-th different id, and its tokens: from entry_start(i) to entry_start(i + 1) of `entry_token`.
fn entry_id(i: u32) -> u32 { return batch[batch[7] + i]; }
fn entry_start(i: u32) -> u32 { return batch[batch[8] + i]; }
fn entry_token(j: u32) -> u32 { return batch[batch[9] + j]; }

/// Tokens of every row, from row_start(row) on, in the order of their ids; and their ids.
fn sorted_token(i: u32) -> u32 { return batch[batch[11] + i]; }
fn sorted_id(i: u32) -> u32 { return batch[batch[12] + i]; }

/// Keys of a pattern's row, in fours.
fn keys4() -> u32 { return (capacity() + 3u) / 4u; }

/// First four keys of a query (its position in the row) in a pattern [row][head][query][key].
fn pattern_place(row: u32, heads: u32, head: u32, query: u32) -> u32 {
  return ((row * heads + head) * capacity() + query) * keys4();
}
