#include "CRE2.h"

#include <memory>
#include <new>
#include <vector>

#include <re2/re2.h>

struct gerbang_re2 {
    gerbang_re2(const re2::StringPiece &pattern, const RE2::Options &options) : expression(pattern, options) {}
    RE2 expression;
};

gerbang_re2 *gerbang_re2_create(const char *pattern, size_t length, int64_t memory) {
    // No exception leaves a function of the C interface.
    try {
        RE2::Options options;
        options.set_log_errors(false);
        options.set_max_mem(memory);
        auto compiled = std::make_unique<gerbang_re2>(re2::StringPiece(pattern, length), options);
        return compiled->expression.ok() ? compiled.release() : nullptr;
    } catch (...) {
        return nullptr;
    }
}

void gerbang_re2_destroy(gerbang_re2 *expression) { delete expression; }

int gerbang_re2_group_count(const gerbang_re2 *expression) {
    return expression->expression.NumberOfCapturingGroups();
}

bool gerbang_re2_find(const gerbang_re2 *expression, const char *text, size_t length, size_t start,
                      gerbang_re2_span *spans, int count) {
    try {
        std::vector<re2::StringPiece> groups(static_cast<size_t>(count));
        const re2::StringPiece input(text, length);
        if (!expression->expression.Match(input, start, length, RE2::UNANCHORED, groups.data(), count)) return false;
        for (int index = 0; index < count; index++) {
            const auto &group = groups[static_cast<size_t>(index)];
            const bool isPresent = group.data() != nullptr;
            spans[index].start = isPresent ? group.data() - text : -1;
            spans[index].end = isPresent ? group.data() - text + static_cast<ptrdiff_t>(group.size()) : -1;
        }
        return true;
    } catch (...) {
        return false;
    }
}
