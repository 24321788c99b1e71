// A tokeniser: n passes over 8 KB of generated program text; names go through a symbol table with string comparison.
#include "kernel.h"

#define BYTES 8192
#define SYMBOLS 512
static u8 source[BYTES + 1];
static const u8 *symbol_at[SYMBOLS];
static i32 symbol_length[SYMBOLS];
static i32 kind_count[16];

static i32 write(i32 at, const char *words) {
  while (*words && at < BYTES) source[at++] = (u8)*words++;
  return at;
}

static void generate(void) {
  static const char *const pieces[] = {"if (", ") {\n", "}\n", "while ", "return ", " + ", " - ", " * ", " == ", " != ", " <= ", " >> ", ";\n",
    "\"a string\\n\"", "// remark\n", "0x1f", "3.25", "'c'", " = ", ", "};
  u32 random = 31337u;
  i32 at = 0;
  while (at < BYTES) {
    u32 r = next_random(&random);
    if (r & 1) {
      char name[10];
      i32 length = 1 + (r >> 3 & 7) % 6, k = 0;
      u32 id = (r >> 8) % 97;
      for (; k < length; k++, id = id * 5 + 3) name[k] = (char)('a' + id % 26);
      if (r & 4) name[k++] = (char)('0' + id % 10);
      name[k] = 0;
      at = write(at, name);
      at = write(at, " ");
    } else if (r & 2) {
      at = write(at, pieces[(r >> 8) % 20]);
    } else {
      for (u32 v = r >> 20; v && at < BYTES; v /= 10) source[at++] = (u8)('0' + v % 10);
      at = write(at, "\n");
    }
  }
  source[BYTES] = 0;
}

static inline i32 is_name(u8 c) { return (u8)((c | 32) - 'a') < 26 || (u8)(c - '0') < 10 || c == '_'; }

static NOINLINE i32 intern(const u8 *at, i32 length) {
  u32 hash = 0;
  for (i32 i = 0; i < length; i++) hash = hash * 31 + at[i];
  for (u32 slot = hash;; slot++) {
    u32 s = slot % SYMBOLS;
    if (!symbol_at[s]) {
      symbol_at[s] = at;
      symbol_length[s] = length;
      return (i32)s;
    }
    if (symbol_length[s] != length) continue;
    i32 i = 0;
    while (i < length && symbol_at[s][i] == at[i]) i++;
    if (i == length) return (i32)s;
  }
}

static NOINLINE u32 scan(u32 hash) {
  const u8 *p = source;
  for (;;) {
    i32 kind;
    u32 value = 0;
    u8 c = *p;
    switch (c) {
      case 0: return hash;
      case ' ': case '\t': case '\r': p++; continue;
      case '\n': p++; kind = 0; break;
      case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':
        while (is_name(*p) || *p == '.') value = value * 10 + *p++;
        kind = 1;
        break;
      case '"': case '\'': {
        u8 quote = *p++;
        while (*p && *p != quote) {
          if (*p == '\\') p++;
          value = value * 33 + *p++;
        }
        if (*p) p++;
        kind = 2;
        break;
      }
      case '/':
        p++;
        kind = 3;
        if (*p == '/') {
          while (*p && *p != '\n') p++;
          kind = 4;
        }
        break;
      case '+': p++; kind = 5; break;
      case '-': p++; kind = 6; break;
      case '*': p++; kind = 7; break;
      case '=': case '!': case '<': case '>':
        p++;
        kind = 8;
        if (*p == '=' || *p == c) {
          kind = 9;
          value = *p++;
        }
        break;
      case '(': case ')': case '{': case '}': p++; kind = 10; break;
      case ',': case ';': p++; kind = 11; break;
      default:
        if (is_name(c)) {
          const u8 *from = p;
          while (is_name(*p)) p++;
          value = (u32)intern(from, (i32)(p - from));
          kind = 12;
        } else {
          p++;
          kind = 13;
        }
    }
    kind_count[kind]++;
    hash = mix(hash, value + (u32)kind * 0x1000193u);
  }
}

i32 run(i32 n) {
  u32 hash = 1;
  generate();
  for (i32 i = 0; i < SYMBOLS; i++) symbol_at[i] = 0;
  for (i32 i = 0; i < 16; i++) kind_count[i] = 0;
  for (i32 i = 0; i < n; i++) hash = scan(hash);
  for (i32 i = 0; i < 16; i++) hash = mix(hash, (u32)kind_count[i]);
  return (i32)hash;
}
