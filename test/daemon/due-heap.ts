import fc from "fast-check";
import t from "tap";
import { DueHeap } from "../../src/daemon/due-heap.ts";

void t.test("DueHeap gives names in the order of their times", async (t) => {
  const heap = new DueHeap();
  for (const [id, due] of [
    ["c", 3],
    ["a", 1],
    ["d", 4],
    ["b", 2],
  ] as const)
    heap.set(id, due);
  heap.remove("d");
  heap.remove("unknown");
  heap.set("c", 0);
  t.equal(heap.earliest(), 0);
  t.equal(heap.dueOf("b"), 2);
  t.same(
    [heap.pop(), heap.pop(), heap.pop(), heap.pop()],
    [{ id: "c", due: 0 }, { id: "a", due: 1 }, { id: "b", due: 2 }, undefined],
  );
});

void t.test("DueHeap agrees with a sorted list after any changes", async (t) => {
  const step = fc.record({ id: fc.integer({ min: 0, max: 30 }), due: fc.option(fc.nat(1000)) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const heap = new DueHeap();
      const model = new Map<string, number>();
      for (const { id, due } of steps)
        if (due === null) {
          heap.remove(`${id}`);
          model.delete(`${id}`);
        } else {
          heap.set(`${id}`, due);
          model.set(`${id}`, due);
        }
      if (heap.size !== model.size) return false;
      const wanted = [...model.values()].toSorted((a, b) => a - b);
      return wanted.every((due) => {
        const popped = heap.pop();
        return popped?.due === due && model.get(popped.id) === due && model.delete(popped.id);
      });
    }),
  );
  t.pass("held for every sequence");
});
