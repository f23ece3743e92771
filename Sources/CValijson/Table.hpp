#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include <re2/re2.h>
#include <valijson/constraints/concrete_constraints.hpp>
#include <valijson/schema.hpp>

#include "CValijson.h"
#include "Decimal.hpp"
#include "Formats.hpp"
#include "Value.hpp"

namespace gerbang {

/// Stands where one subschema stands inside another, and names it.
class Link final : public valijson::constraints::PolyConstraint {
public:
    explicit Link(uint32_t target) : target(target) {}

    bool validate(
        const valijson::adapters::Adapter &,
        const std::vector<std::string> &,
        valijson::ValidationResults *) const override {
        return false;
    }

    const uint32_t target;

private:
    valijson::constraints::Constraint *cloneInto(void *place) const override { return new (place) Link(*this); }
    size_t sizeOf() const override { return sizeof(Link); }
};

struct Bound {
    const char *keyword;
    Decimal limit;
    /// The order of value and limit that breaks the bound: 1 if the value must not be greater, -1 if not less.
    int forbidden_order;
    bool is_exclusive;

    bool allows(const Decimal &value) const {
        const int order = value.compare(limit);
        return order == 0 ? !is_exclusive : (order > 0) != (forbidden_order > 0);
    }
};

struct AllowedValues {
    const char *keyword;
    /// The kinds that occur, one bit each: most wrong values are of another.
    unsigned kinds = 0;
    /// The values in the form in which equal ones have equal texts.
    std::unordered_set<std::string> texts;
};

/// What is checked beside valijson's constraints.
struct Rules {
    std::vector<Bound> bounds;
    std::optional<Decimal> divisor;
    std::vector<AllowedValues> values;
    std::unique_ptr<const RE2> pattern;
    Format format = Format::none;
};

struct Entry {
    valijson::Schema schema;
    Rules rules;
};

}  // namespace gerbang

struct gerbang_schema {
    std::vector<std::unique_ptr<gerbang::Entry>> entries;
    std::vector<std::unique_ptr<const RE2>> key_patterns;
};
