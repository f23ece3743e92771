#pragma once

#include <valijson/constraints/concrete_constraints.hpp>
#include <valijson/constraints/constraint_visitor.hpp>
#include <valijson/subschema.hpp>

#include "Checker.hpp"

namespace gerbang {

/// Evaluates valijson's constraints of one subschema on one value.
///
/// It takes the place of valijson's own visitor, which gives its errors as text, counts with doubles, and matches
/// patterns by backtracking.
class Visitor final : public valijson::constraints::ConstraintVisitor {
public:
    Visitor(Checker &checker, uint32_t schema, Value value, Issues *issues)
        : checker(checker), schema(schema), value(value), issues(issues) {}

    /// Evaluates all constraints, or without a list of issues until one is broken.
    bool apply(const valijson::Subschema &subschema);

    bool visit(const AllOfConstraint &constraint) override;
    bool visit(const AnyOfConstraint &constraint) override;
    bool visit(const OneOfConstraint &constraint) override;
    bool visit(const NotConstraint &constraint) override;
    bool visit(const ConditionalConstraint &constraint) override;
    bool visit(const DependenciesConstraint &constraint) override;
    bool visit(const PolyConstraint &link) override;

    bool visit(const TypeConstraint &constraint) override;
    bool visit(const MinLengthConstraint &constraint) override;
    bool visit(const MaxLengthConstraint &constraint) override;

    bool visit(const SingularItemsConstraint &constraint) override;
    bool visit(const LinearItemsConstraint &constraint) override;
    bool visit(const ContainsConstraint &constraint) override;
    bool visit(const MinItemsConstraint &constraint) override;
    bool visit(const MaxItemsConstraint &constraint) override;
    bool visit(const UniqueItemsConstraint &constraint) override;

    bool visit(const PropertiesConstraint &constraint) override;
    bool visit(const PropertyNamesConstraint &constraint) override;
    bool visit(const RequiredConstraint &constraint) override;
    bool visit(const MinPropertiesConstraint &constraint) override;
    bool visit(const MaxPropertiesConstraint &constraint) override;

    // These are rules beside the table's text, so valijson never sees their keywords.
    bool visit(const ConstConstraint &) override { return false; }
    bool visit(const EnumConstraint &) override { return false; }
    bool visit(const FormatConstraint &) override { return false; }
    bool visit(const MaximumConstraint &) override { return false; }
    bool visit(const MinimumConstraint &) override { return false; }
    bool visit(const MultipleOfDoubleConstraint &) override { return false; }
    bool visit(const MultipleOfIntConstraint &) override { return false; }
    bool visit(const PatternConstraint &) override { return false; }

private:
    /// Checks a value against a child, which holds nothing but a link.
    bool check(const valijson::Subschema &child, Value target, Issues *found);

    /// Reports a broken keyword; false.
    bool fail(const char *keyword) { return fail_at(value, keyword); }
    bool fail_at(Value place, const char *keyword);
    bool require(bool is_valid, const char *keyword) { return is_valid || fail(keyword); }

    /// Checks all of `anyOf` or `oneOf` and gives how many match; stops when there are `enough`.
    template <typename Constraint>
    unsigned count_matches(const Constraint &constraint, unsigned enough, std::vector<Issues> &found);

    /// Reports why none of some alternatives match: by the issues of the one that was meant, if that is plain.
    bool fail_alternatives(const char *keyword, const std::vector<Issues> &alternatives);

    /// Whether the issues say that the value is of another kind than an alternative wants.
    bool is_other_kind(const Issues &found) const;
    /// Whether they say that the value, or a member of it that could tell alternatives apart, is not the one wanted.
    bool has_other_mark(const Issues &found) const;

    Checker &checker;
    const uint32_t schema;
    const Value value;
    Issues *const issues;
};

}  // namespace gerbang
