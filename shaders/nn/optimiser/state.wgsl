// Where a training is, as its kernels know it.
//
// Bindings  8 state: steps taken, the loss scale and what moves it.
// Twin      TrainerState of src/nn/training/state.ts.

struct State {
  /// Steps taken, and steps left out because their gradient was not finite.
  step: u32,
  skipped: u32,
  /// What the loss is multiplied by before it is differentiated; steps since it last changed.
  scale: f32,
  since: u32,
}

@group(0) @binding(8) var<storage, read_write> state: State;
