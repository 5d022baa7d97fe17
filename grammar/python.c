// Python's parser as one WebAssembly module: tree-sitter's runtime, the grammar, and one function that parses a text
// and writes its tree into a flat table. One call for a file instead of several for each node is what makes it fast.
// Built by `scripts/build-grammar.js`.
#include "memory.h"

// Tree-sitter can log and draw what it does. Here it has nobody to tell.
#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#define snprintf(...) 0
#define vsnprintf(...) 0
#define fprintf(...) 0
#define fputs(...) 0
#define fputc(...) 0
#define fwrite(...) 0
#define clock_gettime(...) 0

#define ts_malloc malloc
#define ts_calloc calloc
#define ts_realloc realloc
#define ts_free free
#include "lib.c"

const TSLanguage *tree_sitter_python(void);

#define EXPORT(name) __attribute__((export_name(#name)))

static const TSLanguage *language;
static TSParser *parser;

EXPORT(start) void start(void) {
  language = tree_sitter_python();
  parser = ts_parser_new();
  ts_parser_set_language(parser, language);
}

EXPORT(allocate) void *allocate(uint32_t bytes) { return malloc(bytes); }
EXPORT(release) void release(void *block) { free(block); }

EXPORT(kindCount) uint32_t kind_count(void) { return ts_language_symbol_count(language); }
EXPORT(kindName) const char *kind_name(uint32_t kind) { return ts_language_symbol_name(language, kind); }
EXPORT(isNamed) bool is_named(uint32_t kind) { return ts_language_symbol_type(language, kind) == TSSymbolTypeRegular; }

// A row of the table. Rows are in the order of the text, outer nodes before inner ones. Offsets are in UTF-16 units.
typedef struct {
  // The node's kind; 65535 is an error.
  uint16_t kind;
  uint16_t flags;
  uint32_t start, end;
  // The first row behind this node and all that is inside of it.
  uint32_t after;
} Row;

enum { MISSING = 1, HAS_ERROR = 2 };

static Row *rows;
static uint32_t row_room, row_count;

static void write_row(Subtree tree, TSSymbol alias, uint32_t position) {
  bool is_error = !alias && ts_subtree_symbol(tree) == ts_builtin_sym_error;
  rows[row_count] = (Row){
    .kind = is_error ? ts_builtin_sym_error : ts_language_public_symbol(language, alias ? alias : ts_subtree_symbol(tree)),
    .flags = ts_subtree_missing(tree) ? MISSING : 0,
    .start = position / 2,
    .end = (position + ts_subtree_size(tree).bytes) / 2,
    .after = row_count + 1,
  };
  row_count++;
}

// A node whose children are being written. Nodes that the grammar hides have none of their own in the table: `row` is -1.
typedef struct {
  Subtree tree;
  const TSSymbol *aliases;
  uint32_t child, structural_child, position;
  int32_t row;
} Level;

static Level *levels;
static uint32_t level_room, level_count;

static void enter(Subtree tree, uint32_t position, int32_t row) {
  if (ts_subtree_child_count(tree) == 0) return;
  if (level_count == level_room) {
    level_room = level_room == 0 ? 256 : level_room * 2;
    levels = realloc(levels, level_room * sizeof(Level));
  }
  levels[level_count++] = (Level){tree, ts_language_alias_sequence(language, tree.ptr->production_id), 0, 0, position, row};
}

// Writes the next child of the innermost level, or leaves that level.
static void step(void) {
  Level *level = &levels[level_count - 1];
  if (level->child == level->tree.ptr->child_count) {
    if (level->row >= 0) rows[level->row].after = row_count;
    level_count--;
    return;
  }
  Subtree child = ts_subtree_children(level->tree)[level->child];
  TSSymbol alias = 0;
  if (!ts_subtree_extra(child)) {
    if (level->aliases) alias = level->aliases[level->structural_child];
    level->structural_child++;
  }
  // What stands before the first child was counted by its parent.
  if (level->child > 0) level->position += ts_subtree_padding(child).bytes;
  uint32_t position = level->position;
  level->position += ts_subtree_size(child).bytes;
  level->child++;
  int32_t row = -1;
  if (alias || ts_subtree_visible(child)) {
    row = row_count;
    write_row(child, alias, position);
  }
  enter(child, position, row);
}

EXPORT(rowCount) uint32_t written(void) { return row_count; }

// Parses a text in UTF-16 and hands back its rows, which stay until the next call.
EXPORT(parse) Row *parse(const char *text, uint32_t bytes) {
  ts_parser_reset(parser);
  TSTree *tree = ts_parser_parse_string_encoding(parser, NULL, text, bytes, TSInputEncodingUTF16LE);
  uint32_t needed = ts_subtree_visible_descendant_count(tree->root) + 1;
  if (needed > row_room) {
    free(rows);
    row_room = needed;
    rows = malloc(row_room * sizeof(Row));
  }
  row_count = 0;
  uint32_t position = ts_subtree_padding(tree->root).bytes;
  write_row(tree->root, 0, position);
  if (ts_subtree_error_cost(tree->root) > 0) rows[0].flags |= HAS_ERROR;
  enter(tree->root, position, 0);
  while (level_count > 0) step();
  ts_tree_delete(tree);
  return rows;
}
