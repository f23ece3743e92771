#include "Checker.hpp"

#include "Visitor.hpp"

namespace gerbang {

bool Checker::spend(uint64_t steps) {
    if (steps > steps_left) exhausted = true;
    if (exhausted) return false;
    steps_left -= steps;
    return true;
}

bool Checker::check(uint32_t schema, Value value, Issues *issues) {
    if (!spend(1)) return false;
    if (depth == deepest) {
        exhausted = true;
        return false;
    }
    const Entry &entry = *table.entries.at(schema);
    if (entry.schema.getAlwaysInvalid()) {
        report(issues, {"false", schema, value.index(), false, nullptr, 0, nullptr, 0, 0});
        return false;
    }
    ++depth;
    bool is_valid = check_rules(schema, entry.rules, value, issues);
    if (is_valid || issues) {
        Visitor visitor(*this, schema, value, issues);
        is_valid = visitor.apply(entry.schema) && is_valid;
    }
    --depth;
    return is_valid;
}

bool Checker::check_rules(uint32_t schema, const Rules &rules, Value value, Issues *issues) {
    bool is_valid = true;
    const auto fail = [&](const char *keyword) {
        report(issues, {keyword, schema, value.index(), false, nullptr, 0, nullptr, 0, 0});
        is_valid = false;
    };
    if (value.is_number() && (!rules.bounds.empty() || rules.divisor)) {
        // Taking the number apart and dividing it go through all its digits.
        if (!spend(value.text().size() / 16)) return false;
        const Decimal number = value.number();
        for (const Bound &bound : rules.bounds) {
            if (!bound.allows(number)) fail(bound.keyword);
        }
        if (rules.divisor && !number.is_multiple_of(*rules.divisor)) fail("multipleOf");
    }
    for (const AllowedValues &values : rules.values) {
        bool is_allowed = (values.kinds >> value.kind() & 1) != 0;
        if (is_allowed) {
            if (!spend(value.size())) return false;
            std::string text;
            value.append_to(text);
            is_allowed = values.texts.count(text) != 0;
        }
        if (!is_allowed) fail(values.keyword);
    }
    if (value.is_string()) {
        const std::string_view text = value.text();
        if (rules.pattern) {
            if (!spend(text.size() / 16)) return false;
            if (!RE2::PartialMatch({text.data(), text.size()}, *rules.pattern)) fail("pattern");
        }
        if (!matches(rules.format, text)) fail("format");
    }
    return is_valid;
}

}  // namespace gerbang
