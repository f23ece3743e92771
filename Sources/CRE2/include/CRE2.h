#ifndef GERBANG_CRE2_H
#define GERBANG_CRE2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A compiled regular expression in RE2 syntax. It is immutable, so any number of threads may match with it at once.
typedef struct gerbang_re2 gerbang_re2;

/// Where a group matched, in bytes from the beginning of the text; both are -1 where the group took no part.
typedef struct {
    ptrdiff_t start;
    ptrdiff_t end;
} gerbang_re2_span;

/// Compiles a pattern of UTF-8 text into a program of at most `memory` bytes. Null when the pattern is not valid, when
/// its program would be larger, or when there is no memory.
gerbang_re2 *gerbang_re2_create(const char *pattern, size_t length, int64_t memory);

/// Releases a compiled expression; null is allowed.
void gerbang_re2_destroy(gerbang_re2 *expression);

/// How many capturing groups the expression has, the whole match not counted.
int gerbang_re2_group_count(const gerbang_re2 *expression);

/// Finds the leftmost match that begins at `start` or later, in time linear in `length`. Fills `count` spans: the whole
/// match first, the groups after it. Whether there is a match.
bool gerbang_re2_find(const gerbang_re2 *expression, const char *text, size_t length, size_t start,
                      gerbang_re2_span *spans, int count);

#ifdef __cplusplus
}
#endif

#endif
