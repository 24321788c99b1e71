// Tells of what it does, draws a random number, and fails where it is asked to.
export function sum(a: f64, b: f64): f64 {
  trace("sum of", 2, a, b);
  trace("done");
  return a + b;
}

export function draw(): f64 {
  return Math.random();
}

export function check(n: i32): i32 {
  assert(n > 0, "n is positive \u{1F600}");
  return n;
}
