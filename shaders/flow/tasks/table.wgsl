// Numbers that a task's simulator reads, in fours.
//
// Bindings  12 the task's `table`, laid out as its simulator says.
// Twin      `table` of src/workloads/flow/tasks/task.ts.

@group(0) @binding(12) var<storage, read> table: array<vec4f>;
