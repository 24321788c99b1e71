// Takes a plan that shows a difference and a way to tell whether another one does, cuts it down as long as the difference stays.

import { encodeModule } from "./module.mjs";
import { constant, group } from "./node.mjs";

/** The bytes of the smallest module that was found; the plan is changed. */
export async function shrink(plan, fails) {
  const holds = async () => {
    try {
      return await fails(encodeModule(plan));
    } catch {
      // A branch lost its label.
      return false;
    }
  };
  for (let isShorter = true; isShorter; ) {
    isShorter = false;
    for (const one of plan.functions) {
      const { body } = one;
      const values = [...one.results].map((letter) => constant(letter, 0));
      if (body.length === values.length && body.every((node, at) => isLeast(node, values[at]))) continue;
      one.body = values;
      if (await holds()) isShorter = true;
      else {
        one.body = body;
        if (await shrinkNodes(body, holds)) isShorter = true;
      }
    }
  }
  return encodeModule(plan);
}

const isLeast = (node, value) => node.kids.length === 0 && node.bytes.join() === value.bytes.join();

/** Whether any node of a list could be left out or be something less. */
async function shrinkNodes(list, holds) {
  let isShorter = false;
  for (let at = 0; at < list.length; at++) {
    const before = list[at];
    for (const less of lessThan(before)) {
      list[at] = less;
      if (await holds()) {
        isShorter = true;
        break;
      }
      list[at] = before;
    }
    if (list[at].isFixed) continue;
    const { kids, body = [], otherwise = [], handlers = [] } = list[at];
    for (const inner of [kids, body, otherwise, ...handlers.map((one) => one.body)])
      if (await shrinkNodes(inner, holds)) isShorter = true;
  }
  return isShorter;
}

/** What may stand for a node: nothing, zero, one of its operands. */
function lessThan({ type, kids, bytes, kind, isFixed }) {
  // A loop would not end.
  if (isFixed) return [];
  if (type === "") return kids.length === 0 && bytes.length === 0 && kind === undefined ? [] : [group("", [])];
  if (type === undefined || type.length !== 1) return [];
  const zero = constant(type, 0);
  if (isLeast({ kids, bytes }, zero) && kind === undefined) return [];
  return [zero, ...kids.filter((kid) => kid.type === type), constant(type, 1)].filter(
    (one) => kids.length > 0 || kind !== undefined || isLeast(one, zero),
  );
}
