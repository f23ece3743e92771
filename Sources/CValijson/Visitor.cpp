#include "Visitor.hpp"

#include <algorithm>
#include <cstring>

namespace gerbang {

namespace {

template <typename Text>
std::string_view view(const Text &text) {
    return {text.data(), text.size()};
}

/// The length in Unicode scalars, which is what JSON Schema counts.
uint64_t length(std::string_view text) {
    return static_cast<uint64_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

bool names(const gerbang_schema_issue &issue, const char *keyword) { return std::strcmp(issue.keyword, keyword) == 0; }

bool has_type(Value value, valijson::constraints::TypeConstraint::JsonType type) {
    using Type = valijson::constraints::TypeConstraint;
    switch (type) {
    case Type::kAny:
        return true;
    case Type::kArray:
        return value.is_array();
    case Type::kBoolean:
        return value.kind() == GERBANG_JSON_FALSE || value.kind() == GERBANG_JSON_TRUE;
    case Type::kInteger:
        return value.is_number() && value.number().is_integer();
    case Type::kNull:
        return value.kind() == GERBANG_JSON_NULL;
    case Type::kNumber:
        return value.is_number();
    case Type::kObject:
        return value.is_object();
    case Type::kString:
        return value.is_string();
    }
    return false;
}

}  // namespace

bool Visitor::apply(const valijson::Subschema &subschema) {
    valijson::Subschema::ApplyFunction evaluate = [this](const valijson::constraints::Constraint &constraint) {
        return constraint.accept(*this);
    };
    return issues ? subschema.apply(evaluate) : subschema.applyStrict(evaluate);
}

bool Visitor::check(const valijson::Subschema &child, Value target, Issues *found) {
    return Visitor(checker, schema, target, found).apply(child);
}

bool Visitor::fail_at(Value place, const char *keyword) {
    checker.report(issues, {keyword, schema, place.index(), false, nullptr, 0, nullptr, 0, 0});
    return false;
}

bool Visitor::visit(const PolyConstraint &link) {
    return checker.check(static_cast<const Link &>(link).target, value, issues);
}

bool Visitor::visit(const AllOfConstraint &constraint) {
    bool is_valid = true;
    constraint.applyToSubschemas([&](unsigned, const valijson::Subschema *child) {
        is_valid = check(*child, value, issues) && is_valid;
        return is_valid || issues;
    });
    return is_valid;
}

template <typename Constraint>
unsigned Visitor::count_matches(const Constraint &constraint, unsigned enough, std::vector<Issues> &found) {
    unsigned matches = 0;
    constraint.applyToSubschemas([&](unsigned, const valijson::Subschema *child) {
        if (issues) found.emplace_back();
        if (check(*child, value, issues ? &found.back() : nullptr)) ++matches;
        return matches < enough;
    });
    return matches;
}

bool Visitor::visit(const AnyOfConstraint &constraint) {
    std::vector<Issues> found;
    return count_matches(constraint, 1, found) == 1 || fail_alternatives("anyOf", found);
}

bool Visitor::visit(const OneOfConstraint &constraint) {
    std::vector<Issues> found;
    const unsigned matches = count_matches(constraint, ~0U, found);
    switch (matches) {
    case 0:
        return fail_alternatives("oneOf", found);
    case 1:
        return true;
    default:
        checker.report(issues, {"oneOf", schema, value.index(), false, nullptr, 0, nullptr, 0, matches});
        return false;
    }
}

bool Visitor::fail_alternatives(const char *keyword, const std::vector<Issues> &alternatives) {
    const Issues *of_this_kind = nullptr;
    const Issues *marked = nullptr;
    unsigned of_this_kind_count = 0;
    unsigned marked_count = 0;
    for (const Issues &alternative : alternatives) {
        if (is_other_kind(alternative)) continue;
        of_this_kind = &alternative;
        ++of_this_kind_count;
        if (has_other_mark(alternative)) continue;
        marked = &alternative;
        ++marked_count;
    }
    const Issues *meant = of_this_kind_count == 1 ? of_this_kind : marked_count == 1 ? marked : nullptr;
    if (!meant) return fail(keyword);
    for (const auto &issue : *meant) checker.report(issues, issue);
    return false;
}

bool Visitor::is_other_kind(const Issues &found) const {
    return std::any_of(found.begin(), found.end(), [&](const gerbang_schema_issue &issue) {
        return issue.node == value.index() && (names(issue, "type") || names(issue, "false"));
    });
}

bool Visitor::has_other_mark(const Issues &found) const {
    return std::any_of(found.begin(), found.end(), [&](const gerbang_schema_issue &issue) {
        if (!names(issue, "const") && !names(issue, "enum")) return false;
        if (issue.node == value.index()) return true;
        if (!value.is_object()) return false;
        Value member = value.first();
        for (uint32_t i = 0; i < value.count(); ++i, member = member.next()) {
            if (member.index() == issue.node) return true;
        }
        return false;
    });
}

bool Visitor::visit(const NotConstraint &constraint) {
    return require(!check(*constraint.getSubschema(), value, nullptr), "not");
}

bool Visitor::visit(const ConditionalConstraint &constraint) {
    const bool applies = check(*constraint.getIfSubschema(), value, nullptr);
    const valijson::Subschema *branch = applies ? constraint.getThenSubschema() : constraint.getElseSubschema();
    return !branch || check(*branch, value, issues);
}

bool Visitor::visit(const DependenciesConstraint &constraint) {
    if (!value.is_object()) return true;
    const Members members(value);
    bool is_valid = true;
    constraint.applyToPropertyDependencies([&](const auto &trigger, const auto &needed) {
        if (members.find(view(trigger)) == 0) return true;
        for (const auto &key : needed) {
            if (members.find(view(key)) != 0) continue;
            is_valid = false;
            checker.report(issues, {
                "dependencies", schema, value.index(), false,
                key.data(), key.size(), trigger.data(), trigger.size(), 0,
            });
        }
        return is_valid || issues;
    });
    constraint.applyToSchemaDependencies([&](const auto &trigger, const valijson::Subschema *child) {
        if (members.find(view(trigger)) != 0) is_valid = check(*child, value, issues) && is_valid;
        return is_valid || issues;
    });
    return is_valid;
}

bool Visitor::visit(const TypeConstraint &constraint) {
    bool is_valid = false;
    constraint.applyToNamedTypes([&](TypeConstraint::JsonType type) {
        is_valid = has_type(value, type);
        return !is_valid;
    });
    return require(is_valid, "type");
}

bool Visitor::visit(const MinLengthConstraint &constraint) {
    return !value.is_string() || require(length(value.text()) >= constraint.getMinLength(), "minLength");
}

bool Visitor::visit(const MaxLengthConstraint &constraint) {
    return !value.is_string() || require(length(value.text()) <= constraint.getMaxLength(), "maxLength");
}

bool Visitor::visit(const MinItemsConstraint &constraint) {
    return !value.is_array() || require(value.count() >= constraint.getMinItems(), "minItems");
}

bool Visitor::visit(const MaxItemsConstraint &constraint) {
    return !value.is_array() || require(value.count() <= constraint.getMaxItems(), "maxItems");
}

bool Visitor::visit(const MinPropertiesConstraint &constraint) {
    return !value.is_object() || require(value.count() >= constraint.getMinProperties(), "minProperties");
}

bool Visitor::visit(const MaxPropertiesConstraint &constraint) {
    return !value.is_object() || require(value.count() <= constraint.getMaxProperties(), "maxProperties");
}

bool Visitor::visit(const SingularItemsConstraint &constraint) {
    if (!value.is_array()) return true;
    bool is_valid = true;
    Value element = value.first();
    for (uint32_t i = 0; i < value.count() && (is_valid || issues); ++i, element = element.next()) {
        is_valid = check(*constraint.getItemsSubschema(), element, issues) && is_valid;
    }
    return is_valid;
}

bool Visitor::visit(const LinearItemsConstraint &constraint) {
    if (!value.is_array()) return true;
    bool is_valid = true;
    uint32_t position = 0;
    Value element = value.first();
    constraint.applyToItemSubschemas([&](unsigned, const valijson::Subschema *child) {
        if (position == value.count()) return false;
        is_valid = check(*child, element, issues) && is_valid;
        element = element.next();
        ++position;
        return is_valid || issues;
    });
    const valijson::Subschema *rest = constraint.getAdditionalItemsSubschema();
    for (; position < value.count() && (is_valid || issues); ++position, element = element.next()) {
        is_valid = (rest ? check(*rest, element, issues) : fail_at(element, "additionalItems")) && is_valid;
    }
    return is_valid;
}

bool Visitor::visit(const ContainsConstraint &constraint) {
    if (!value.is_array()) return true;
    Value element = value.first();
    for (uint32_t i = 0; i < value.count(); ++i, element = element.next()) {
        if (check(*constraint.getSubschema(), element, nullptr)) return true;
    }
    return fail("contains");
}

bool Visitor::visit(const UniqueItemsConstraint &) {
    if (!value.is_array() || value.count() < 2) return true;
    if (!checker.spend(value.size())) return false;
    std::vector<std::pair<std::string, uint32_t>> elements;
    elements.reserve(value.count());
    Value element = value.first();
    for (uint32_t i = 0; i < value.count(); ++i, element = element.next()) {
        elements.emplace_back(std::string(), element.index());
        element.append_to(elements.back().first);
    }
    // Sorted rather than hashed: no choice of elements makes it slow.
    std::sort(elements.begin(), elements.end());
    bool is_valid = true;
    for (size_t i = 1; i < elements.size(); ++i) {
        if (elements[i - 1].first != elements[i].first) continue;
        is_valid = false;
        checker.report(issues, {"uniqueItems", schema, elements[i].second, false, nullptr, 0, nullptr, 0, 0});
    }
    return is_valid;
}

bool Visitor::visit(const RequiredConstraint &constraint) {
    if (!value.is_object()) return true;
    const Members members(value);
    bool is_valid = true;
    constraint.applyToRequiredProperties([&](const auto &key) {
        if (members.find(view(key)) != 0) return true;
        is_valid = false;
        checker.report(issues, {"required", schema, value.index(), false, key.data(), key.size(), nullptr, 0, 0});
        return issues != nullptr;
    });
    return is_valid;
}

bool Visitor::visit(const PropertyNamesConstraint &constraint) {
    if (!value.is_object()) return true;
    bool is_valid = true;
    Value member = value.first();
    for (uint32_t i = 0; i < value.count() && (is_valid || issues); ++i, member = member.next()) {
        const gerbang_json_node node = member.key_node();
        const gerbang_json_tape key{&node, member.tape_text()};
        Issues found;
        if (check(*constraint.getSubschema(), Value(key, 0), issues ? &found : nullptr)) continue;
        is_valid = false;
        for (gerbang_schema_issue &issue : found) {
            issue.node = member.index();
            issue.is_about_key = true;
            checker.report(issues, issue);
        }
    }
    return is_valid;
}

bool Visitor::visit(const PropertiesConstraint &constraint) {
    if (!value.is_object()) return true;
    const Members members(value);
    bool is_valid = true;
    std::vector<uint32_t> known;
    const auto check_member = [&](uint32_t index, const valijson::Subschema &child) {
        known.push_back(index);
        const Value member = value.at(index);
        is_valid = check(child, member, issues) && is_valid;
        return is_valid || issues;
    };
    constraint.applyToProperties([&](const auto &key, const valijson::Subschema *child) {
        const uint32_t index = members.find(view(key));
        return index == 0 || check_member(index, *child);
    });
    if (!is_valid && !issues) return false;
    constraint.applyToPatternProperties([&](const auto &number, const valijson::Subschema *child) {
        const RE2 &pattern = *checker.table.key_patterns.at(std::stoul(std::string(view(number))));
        Value member = value.first();
        for (uint32_t i = 0; i < value.count(); ++i, member = member.next()) {
            const std::string_view key = member.key();
            if (!checker.spend(1 + key.size() / 16)) return false;
            if (!RE2::PartialMatch({key.data(), key.size()}, pattern)) continue;
            if (!check_member(member.index(), *child)) return false;
        }
        return true;
    });
    if (!is_valid && !issues) return false;
    const valijson::Subschema *rest = constraint.getAdditionalPropertiesSubschema();
    if (rest == checker.table.entries.at(schema)->schema.emptySubschema()) return is_valid;
    std::sort(known.begin(), known.end());
    Value member = value.first();
    for (uint32_t i = 0; i < value.count() && (is_valid || issues); ++i, member = member.next()) {
        if (std::binary_search(known.begin(), known.end(), member.index())) continue;
        is_valid = (rest ? check(*rest, member, issues) : fail_at(member, "additionalProperties")) && is_valid;
    }
    return is_valid;
}

}  // namespace gerbang
