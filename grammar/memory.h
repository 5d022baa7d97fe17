// Memory for tree-sitter, instead of a libc: blocks of a few sizes, kept when they are given back and taken again.
// Nothing is ever given back to the host; one file's tree makes room for the next one's.
#include <stddef.h>
#include <stdint.h>

enum { STEP = 16, SMALL = 1024, PAGE = 65536, PAGES_AT_ONCE = 32 };

typedef struct Block {
  struct Block *next;
} Block;

extern unsigned char __heap_base;
static uintptr_t heap_end, memory_end;
static Block *small_blocks[SMALL / STEP + 1];
static Block *large_blocks[32];

// What a block holds stands right before it.
static inline size_t *size_of(void *block) { return (size_t *)((char *)block - STEP); }

static inline unsigned order_of(size_t size) { return 32 - __builtin_clz(size - 1); }

static void *new_block(size_t size) {
  if (heap_end == 0) {
    heap_end = ((uintptr_t)&__heap_base + STEP - 1) & ~(uintptr_t)(STEP - 1);
    memory_end = __builtin_wasm_memory_size(0) * PAGE;
  }
  if (size + STEP > memory_end - heap_end) {
    size_t pages = (size + STEP - (memory_end - heap_end) + PAGE - 1) / PAGE;
    if (pages < PAGES_AT_ONCE) pages = PAGES_AT_ONCE;
    if (__builtin_wasm_memory_grow(0, pages) == (size_t)-1) __builtin_trap();
    memory_end += pages * PAGE;
  }
  void *block = (void *)(heap_end + STEP);
  heap_end += size + STEP;
  *size_of(block) = size;
  return block;
}

void *malloc(size_t size) {
  Block **list;
  if (size <= SMALL) {
    size = size == 0 ? STEP : (size + STEP - 1) & ~(size_t)(STEP - 1);
    list = &small_blocks[size / STEP];
  } else {
    // Nothing that we read is nearly as large.
    if (size > (size_t)1 << 30) __builtin_trap();
    size = (size_t)1 << order_of(size);
    list = &large_blocks[order_of(size)];
  }
  Block *block = *list;
  if (!block) return new_block(size);
  *list = block->next;
  return block;
}

void free(void *pointer) {
  if (!pointer) return;
  size_t size = *size_of(pointer);
  Block **list = size <= SMALL ? &small_blocks[size / STEP] : &large_blocks[order_of(size)];
  Block *block = pointer;
  block->next = *list;
  *list = block;
}

void *calloc(size_t count, size_t size) {
  void *block = malloc(count * size);
  __builtin_memset(block, 0, count * size);
  return block;
}

void *realloc(void *old, size_t size) {
  if (!old) return malloc(size);
  if (size <= *size_of(old)) return old;
  void *block = malloc(size);
  __builtin_memcpy(block, old, *size_of(old));
  free(old);
  return block;
}

int memcmp(const void *left, const void *right, size_t size) {
  const unsigned char *a = left, *b = right;
  for (; size > 0; size--, a++, b++)
    if (*a != *b) return *a - *b;
  return 0;
}
