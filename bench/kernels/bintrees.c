// Allocation: binary trees of depth up to n built, walked and freed through a free list over the bump allocator.
#define HEAP_BYTES (9 << 20)
#include "kernel.h"

struct node {
  struct node *left, *right;
  i32 value;
};

static struct node *free_list;

static struct node *allocate(void) {
  struct node *node = free_list;
  if (node) free_list = node->left;
  else node = heap_alloc(sizeof *node);
  return node;
}

static KEEP_CALLS struct node *build(i32 depth, i32 value) {
  struct node *node = allocate();
  node->value = value;
  if (depth > 0) {
    node->left = build(depth - 1, value * 2);
    node->right = build(depth - 1, value * 2 + 1);
  } else {
    node->left = node->right = 0;
  }
  return node;
}

static KEEP_CALLS i32 walk(const struct node *node) {
  return node->left ? node->value + walk(node->left) - walk(node->right) : node->value;
}

static KEEP_CALLS void release(struct node *node) {
  if (node->left) {
    release(node->left);
    release(node->right);
  }
  node->left = free_list;
  free_list = node;
}

i32 run(i32 n) {
  u32 hash = 1;
  heap_reset();
  free_list = 0;
  struct node *lasting = build(n, 1);
  for (i32 depth = 4; depth <= n; depth += 2) {
    i32 turns = 1 << (n - depth);
    for (i32 i = 0; i < turns; i++) {
      struct node *tree = build(depth, i);
      hash = mix(hash, (u32)walk(tree));
      release(tree);
    }
  }
  return (i32)mix(hash, (u32)walk(lasting));
}
