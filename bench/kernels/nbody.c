// f64: gravity among six bodies, n steps of leapfrog.
#include "kernel.h"

#define BODIES 6
static f64 px[BODIES], py[BODIES], pz[BODIES], vx[BODIES], vy[BODIES], vz[BODIES], mass[BODIES];

static NOINLINE void step(f64 dt) {
  for (i32 i = 0; i < BODIES; i++) {
    for (i32 j = i + 1; j < BODIES; j++) {
      f64 dx = px[i] - px[j], dy = py[i] - py[j], dz = pz[i] - pz[j];
      f64 squared = dx * dx + dy * dy + dz * dz + 0.01;
      f64 pull = dt / (squared * __builtin_sqrt(squared));
      f64 on_i = mass[j] * pull, on_j = mass[i] * pull;
      vx[i] -= dx * on_i; vy[i] -= dy * on_i; vz[i] -= dz * on_i;
      vx[j] += dx * on_j; vy[j] += dy * on_j; vz[j] += dz * on_j;
    }
  }
  for (i32 i = 0; i < BODIES; i++) {
    px[i] += dt * vx[i]; py[i] += dt * vy[i]; pz[i] += dt * vz[i];
  }
}

i32 run(i32 n) {
  for (i32 i = 0; i < BODIES; i++) {
    px[i] = 1.5 * i; py[i] = (i * 7 % 5) - 2.0; pz[i] = (i * 3 % 4) * 0.25;
    vx[i] = (i * 5 % 7) * 0.125 - 0.375; vy[i] = 0.25 - i * 0.0625; vz[i] = (i & 1) ? 0.1 : -0.1;
    mass[i] = i ? 0.05 * i : 4.0;
  }
  for (i32 i = 0; i < n; i++) step(0.001);
  u32 hash = 1;
  for (i32 i = 0; i < BODIES; i++) hash = mix_f64(mix_f64(mix_f64(hash, px[i]), py[i]), vz[i]);
  return (i32)hash;
}
