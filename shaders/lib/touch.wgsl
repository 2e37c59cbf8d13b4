// Writes to every page of a buffer, so that the memory behind it is really taken.
//
// Computes  pages[p * PAGE_WORDS] = p + 1 for every page p that the buffer has, the last one too where it is not whole.
// Bindings  0: the buffer, u32 words, any length.
// Workgroup TOUCH_THREADS pages; groups are counted row by row through a 2-D grid.
// Thread    one page, one word.
// Caller    constants PAGE_WORDS and TOUCH_THREADS; a grid of at least ceil(pages / TOUCH_THREADS) groups.
// Why       software drivers and systems that share memory with the CPU promise more than there is: a buffer that was created
//           may still fail when it is first written.

import constants::PAGE_WORDS;
import constants::TOUCH_THREADS;

@group(0) @binding(0) var<storage, read_write> pages: array<u32>;

@compute @workgroup_size(TOUCH_THREADS)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let page = (group.y * groups.x + group.x) * u32(TOUCH_THREADS) + local;
  let word = page * u32(PAGE_WORDS);
  if (word < arrayLength(&pages)) {
    pages[word] = page + 1u;
  }
}
