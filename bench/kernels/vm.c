// br_table: a byte-code machine (one dense switch) running a program that counts Collatz steps and tries divisors.
#include "kernel.h"

enum { HALT, PUSH, LOAD, STORE, ADD, SUB, MUL, DIV, MOD, AND, SHR, LESS, EQUAL, NOT, JUMP, JUMP_IF, DUP, DROP, SWAP, INC, MIXIN, NOP };
enum { LIMIT, NUMBER, WORK, STEPS, DIVISOR, PRIMES };

static i32 slots[16];

static NOINLINE u32 interpret(const u8 *code) {
  i32 stack[32];
  i32 *sp = stack;
  const u8 *pc = code;
  u32 hash = 1;
  for (;;) {
    switch (*pc++) {
      case HALT: return hash;
      case PUSH: *sp++ = (i8)*pc++; break;
      case LOAD: *sp++ = slots[*pc++]; break;
      case STORE: slots[*pc++] = *--sp; break;
      case ADD: sp--; sp[-1] += sp[0]; break;
      case SUB: sp--; sp[-1] -= sp[0]; break;
      case MUL: sp--; sp[-1] *= sp[0]; break;
      case DIV: sp--; sp[-1] /= sp[0]; break;
      case MOD: sp--; sp[-1] %= sp[0]; break;
      case AND: sp--; sp[-1] &= sp[0]; break;
      case SHR: sp--; sp[-1] = (i32)((u32)sp[-1] >> sp[0]); break;
      case LESS: sp--; sp[-1] = sp[-1] < sp[0]; break;
      case EQUAL: sp--; sp[-1] = sp[-1] == sp[0]; break;
      case NOT: sp[-1] = !sp[-1]; break;
      case JUMP: pc = code + *pc; break;
      case JUMP_IF: pc = *--sp ? code + *pc : pc + 1; break;
      case DUP: sp[0] = sp[-1]; sp++; break;
      case DROP: sp--; break;
      case SWAP: { i32 t = sp[-1]; sp[-1] = sp[-2]; sp[-2] = t; break; }
      case INC: slots[*pc++]++; break;
      case MIXIN: hash = mix(hash, (u32)*--sp); break;
      case NOP: break;
      default: return 0;
    }
  }
}

static u8 program[256];
static i32 size;

static void op(i32 code) { program[size++] = (u8)code; }

static void op_with(i32 code, i32 operand) {
  op(code);
  op(operand);
}

// A jump: to a known place, or (0) to the place a later land() gives.
static i32 jump(i32 code, i32 to) {
  op_with(code, to);
  return size - 1;
}

static void land(i32 jump_operand) { program[jump_operand] = (u8)size; }

static void assemble(void) {
  size = 0;
  op_with(PUSH, 2), op_with(STORE, NUMBER), op_with(PUSH, 0), op_with(STORE, PRIMES);
  i32 next = size;
  op_with(LOAD, NUMBER), op_with(LOAD, LIMIT), op(LESS), op(NOT);
  i32 done = jump(JUMP_IF, 0);
  op_with(LOAD, NUMBER), op_with(STORE, WORK), op_with(PUSH, 0), op_with(STORE, STEPS);
  i32 collatz = size;
  op_with(LOAD, WORK), op_with(PUSH, 1), op(EQUAL);
  i32 one = jump(JUMP_IF, 0);
  op_with(INC, STEPS), op_with(LOAD, WORK), op_with(PUSH, 1), op(AND);
  i32 odd = jump(JUMP_IF, 0);
  op_with(LOAD, WORK), op_with(PUSH, 1), op(SHR), op_with(STORE, WORK), jump(JUMP, collatz);
  land(odd);
  op_with(LOAD, WORK), op(DUP), op(DUP), op(ADD), op(ADD), op_with(PUSH, 1), op(ADD), op_with(STORE, WORK), jump(JUMP, collatz);
  land(one);
  op_with(LOAD, STEPS), op(MIXIN), op_with(PUSH, 2), op_with(STORE, DIVISOR);
  i32 try = size;
  op_with(LOAD, NUMBER), op_with(LOAD, DIVISOR), op(DUP), op(MUL), op(LESS);
  i32 prime = jump(JUMP_IF, 0);
  op_with(LOAD, NUMBER), op_with(LOAD, DIVISOR), op(MOD), op(NOT);
  i32 composite = jump(JUMP_IF, 0);
  op_with(INC, DIVISOR), jump(JUMP, try);
  land(prime);
  op_with(INC, PRIMES);
  land(composite);
  op_with(INC, NUMBER), jump(JUMP, next);
  land(done);
  op_with(LOAD, PRIMES), op(MIXIN), op(HALT);
}

i32 run(i32 n) {
  assemble();
  slots[LIMIT] = n;
  return (i32)interpret(program);
}
