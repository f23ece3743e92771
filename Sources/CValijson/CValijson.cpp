#include "CValijson.h"

#include <cstring>
#include <new>
#include <string>

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/constraint_builder.hpp>
#include <valijson/schema_parser.hpp>

#include "Checker.hpp"
#include "Table.hpp"

namespace {

using namespace gerbang;

class LinkBuilder final : public valijson::ConstraintBuilder {
public:
    valijson::constraints::Constraint *make(const valijson::adapters::Adapter &number) const override {
        return new Link(static_cast<uint32_t>(number.asInteger()));
    }
};

/// Runs the body of a function of the C interface: no exception leaves it.
template <typename Body>
gerbang_schema_status guarded(const Body &body) noexcept {
    try {
        return body();
    } catch (...) {
        return GERBANG_SCHEMA_FAILED;
    }
}

std::unique_ptr<const RE2> compile(const char *expression, size_t length) {
    RE2::Options options;
    options.set_log_errors(false);
    auto pattern = std::make_unique<const RE2>(re2::StringPiece(expression, length), options);
    return pattern->ok() ? std::move(pattern) : nullptr;
}

/// The static text of one of some keywords; null for any other.
const char *keyword_among(std::initializer_list<const char *> keywords, const char *name) {
    for (const char *keyword : keywords) {
        if (std::strcmp(keyword, name) == 0) return keyword;
    }
    return nullptr;
}

}  // namespace

gerbang_schema *gerbang_schema_create(void) { return new (std::nothrow) gerbang_schema; }

void gerbang_schema_destroy(gerbang_schema *schema) { delete schema; }

gerbang_schema_status gerbang_schema_append(gerbang_schema *schema, const char *json, size_t length) {
    return guarded([&] {
        const auto document = nlohmann::json::parse(json, json + length, nullptr, false);
        if (document.is_discarded()) return GERBANG_SCHEMA_REFUSED;
        valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
        parser.addConstraintBuilder("gerbang", new LinkBuilder);
        auto entry = std::make_unique<Entry>();
        try {
            parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(document), entry->schema);
        } catch (const std::runtime_error &) {
            return GERBANG_SCHEMA_REFUSED;
        }
        schema->entries.push_back(std::move(entry));
        return GERBANG_SCHEMA_DONE;
    });
}

gerbang_schema_status gerbang_schema_add_number(
    gerbang_schema *schema, const char *keyword, const char *digits, size_t length) {
    return guarded([&] {
        Rules &rules = schema->entries.at(schema->entries.size() - 1)->rules;
        Decimal number(std::string_view(digits, length));
        if (std::strcmp(keyword, "multipleOf") == 0) {
            if (!number.is_divisor()) return GERBANG_SCHEMA_REFUSED;
            rules.divisor = std::move(number);
            return GERBANG_SCHEMA_DONE;
        }
        if (const char *upper = keyword_among({"maximum", "exclusiveMaximum"}, keyword)) {
            rules.bounds.push_back({upper, std::move(number), 1, upper[0] == 'e'});
        } else if (const char *lower = keyword_among({"minimum", "exclusiveMinimum"}, keyword)) {
            rules.bounds.push_back({lower, std::move(number), -1, lower[0] == 'e'});
        } else {
            return GERBANG_SCHEMA_REFUSED;
        }
        return GERBANG_SCHEMA_DONE;
    });
}

gerbang_schema_status gerbang_schema_add_values(gerbang_schema *schema, const char *keyword, gerbang_json_tape values) {
    return guarded([&] {
        const char *name = keyword_among({"enum", "const"}, keyword);
        const Value array(values, 0);
        if (!name || !array.is_array()) return GERBANG_SCHEMA_REFUSED;
        AllowedValues allowed{name, 0, {}};
        Value value = array.first();
        for (uint32_t i = 0; i < array.count(); ++i, value = value.next()) {
            allowed.kinds |= 1U << value.kind();
            std::string text;
            value.append_to(text);
            allowed.texts.insert(std::move(text));
        }
        schema->entries.at(schema->entries.size() - 1)->rules.values.push_back(std::move(allowed));
        return GERBANG_SCHEMA_DONE;
    });
}

gerbang_schema_status gerbang_schema_add_pattern(gerbang_schema *schema, const char *expression, size_t length) {
    return guarded([&] {
        auto pattern = compile(expression, length);
        if (!pattern) return GERBANG_SCHEMA_REFUSED;
        schema->entries.at(schema->entries.size() - 1)->rules.pattern = std::move(pattern);
        return GERBANG_SCHEMA_DONE;
    });
}

gerbang_schema_status gerbang_schema_add_key_pattern(
    gerbang_schema *schema, const char *expression, size_t length, uint32_t *number) {
    return guarded([&] {
        auto pattern = compile(expression, length);
        if (!pattern) return GERBANG_SCHEMA_REFUSED;
        *number = static_cast<uint32_t>(schema->key_patterns.size());
        schema->key_patterns.push_back(std::move(pattern));
        return GERBANG_SCHEMA_DONE;
    });
}

gerbang_schema_status gerbang_schema_add_format(gerbang_schema *schema, const char *name, size_t length) {
    return guarded([&] {
        schema->entries.at(schema->entries.size() - 1)->rules.format = format_named({name, length});
        return GERBANG_SCHEMA_DONE;
    });
}

gerbang_schema_status gerbang_schema_validate(
    const gerbang_schema *schema,
    uint32_t root,
    gerbang_json_tape tape,
    size_t node_count,
    gerbang_schema_issue *issues,
    size_t capacity,
    size_t *count) {
    return guarded([&] {
        Issues found;
        Checker checker(*schema, node_count, capacity);
        const bool is_valid = checker.check(root, Value(tape, 0), &found);
        if (checker.is_exhausted()) return GERBANG_SCHEMA_LIMIT;
        if (!is_valid && found.empty()) return GERBANG_SCHEMA_FAILED;
        *count = found.size();
        std::copy(found.begin(), found.end(), issues);
        return GERBANG_SCHEMA_DONE;
    });
}
