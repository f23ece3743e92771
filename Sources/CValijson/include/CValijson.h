// JSON Schema draft 7 for Swift: valijson compiles the keywords, a visitor of ours evaluates them.
//
// A schema is a table. Every subschema has a number, and where one subschema stands inside another, the JSON text that
// is handed over holds a link, {"gerbang": NUMBER}, in its place. So references and cycles never reach valijson, and
// neither compiling nor destroying a schema recurses. What valijson would round or overflow on (numbers, values,
// patterns and formats) is added beside the text.
//
// Building a table is for one thread at a time. Once built it is never changed: any number of threads may validate
// against it at once. No function throws.

#ifndef GERBANG_CVALIJSON_H
#define GERBANG_CVALIJSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    GERBANG_JSON_NULL,
    GERBANG_JSON_FALSE,
    GERBANG_JSON_TRUE,
    GERBANG_JSON_NUMBER,
    GERBANG_JSON_STRING,
    GERBANG_JSON_ARRAY,
    GERBANG_JSON_OBJECT,
};

/// One value of a tape. Offsets count bytes of the tape's text.
typedef struct {
    uint8_t kind;
    /// Where the key stands, for a member of an object.
    uint32_t key_offset;
    uint32_t key_length;
    /// Where the bytes of a string or the digits of a number stand.
    uint32_t text_offset;
    /// The length of that text in bytes; for an array or object, the number of its children.
    uint32_t text_length;
    /// The index after the last value inside this one.
    uint32_t end;
} gerbang_json_node;

/// A JSON value laid flat: every value before those inside it, the whole one first.
typedef struct {
    const gerbang_json_node *nodes;
    const char *text;
} gerbang_json_tape;

typedef struct gerbang_schema gerbang_schema;

typedef enum {
    GERBANG_SCHEMA_DONE,
    /// The input is not acceptable.
    GERBANG_SCHEMA_REFUSED,
    /// Validation would nest too deep or take too many steps.
    GERBANG_SCHEMA_LIMIT,
    /// No memory, or an error that should not be.
    GERBANG_SCHEMA_FAILED,
} gerbang_schema_status;

/// One way in which a value breaks a schema. The texts live as long as the schema.
typedef struct {
    /// The broken keyword, or "false" for a schema that allows nothing.
    const char *keyword;
    /// The subschema that has the keyword.
    uint32_t schema;
    /// The index of the value in its tape.
    uint32_t node;
    /// Whether it is the value's key that breaks the schema.
    bool is_about_key;
    /// The missing member, for "required" and "dependencies".
    const char *missing;
    size_t missing_length;
    /// The member that makes it necessary, for "dependencies".
    const char *trigger;
    size_t trigger_length;
    /// How many alternatives match, for "oneOf".
    uint32_t matches;
} gerbang_schema_issue;

/// An empty table; null if there is no memory.
gerbang_schema *gerbang_schema_create(void);

void gerbang_schema_destroy(gerbang_schema *schema);

/// Appends a subschema. The functions below add to the one appended last.
gerbang_schema_status gerbang_schema_append(gerbang_schema *schema, const char *json, size_t length);

/// Adds "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum" or "multipleOf" with the digits of its number.
///
/// A divisor of more than 18 significant digits is refused.
gerbang_schema_status gerbang_schema_add_number(
    gerbang_schema *schema, const char *keyword, const char *digits, size_t length);

/// Adds "enum" or "const" with a tape of the array of allowed values.
gerbang_schema_status gerbang_schema_add_values(gerbang_schema *schema, const char *keyword, gerbang_json_tape values);

/// Adds "pattern" with a regular expression in RE2 syntax, and refuses one that RE2 does not take.
gerbang_schema_status gerbang_schema_add_pattern(gerbang_schema *schema, const char *expression, size_t length);

/// Adds a regular expression for keys and gives its number, which stands for it in "patternProperties" of any text.
gerbang_schema_status gerbang_schema_add_key_pattern(
    gerbang_schema *schema, const char *expression, size_t length, uint32_t *number);

/// Adds "format"; a name other than date, time and date-time is not checked.
gerbang_schema_status gerbang_schema_add_format(gerbang_schema *schema, const char *name, size_t length);

/// Validates the tape against the subschema with the number `root`, and gives at most `capacity` issues.
///
/// DONE without issues means valid. `node_count` is the length of the tape.
gerbang_schema_status gerbang_schema_validate(
    const gerbang_schema *schema,
    uint32_t root,
    gerbang_json_tape tape,
    size_t node_count,
    gerbang_schema_issue *issues,
    size_t capacity,
    size_t *count);

#ifdef __cplusplus
}
#endif

#endif
