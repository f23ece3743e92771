#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "Table.hpp"

namespace gerbang {

using Issues = std::vector<gerbang_schema_issue>;

/// One validation: which table, and how much may still be spent on it.
class Checker {
public:
    Checker(const gerbang_schema &table, size_t node_count, size_t issue_capacity)
        : table(table), steps_left(base_steps + steps_per_node * node_count), issue_capacity(issue_capacity) {}

    /// Checks a value against the subschema with this number.
    ///
    /// Without a list of issues it stops at the first.
    bool check(uint32_t schema, Value value, Issues *issues);

    /// Whether the limits were reached; then no result counts.
    bool is_exhausted() const { return exhausted; }

    /// Takes steps from those that are left; false once there are none.
    bool spend(uint64_t steps);

    void report(Issues *issues, const gerbang_schema_issue &issue) const {
        if (issues && issues->size() < issue_capacity) issues->push_back(issue);
    }

    const gerbang_schema &table;

private:
    /// Every level takes about a dozen frames, 2 KB of stack in an optimised build.
    static constexpr unsigned deepest = 1024;
    /// A schema can ask for every value many times, and even double the work with every `allOf`; honest ones stay far
    /// below.
    static constexpr uint64_t base_steps = 1'000'000;
    static constexpr uint64_t steps_per_node = 200;

    bool check_rules(uint32_t schema, const Rules &rules, Value value, Issues *issues);

    uint64_t steps_left;
    unsigned depth = 0;
    bool exhausted = false;
    const size_t issue_capacity;
};

}  // namespace gerbang
