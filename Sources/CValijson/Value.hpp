#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "CValijson.h"
#include "Decimal.hpp"

namespace gerbang {

/// One value on a tape. The tape must outlive it.
class Value {
public:
    Value(const gerbang_json_tape &tape, uint32_t index) : tape(&tape), place(index) {}

    uint32_t index() const { return place; }
    uint8_t kind() const { return node().kind; }
    bool is_string() const { return kind() == GERBANG_JSON_STRING; }
    bool is_number() const { return kind() == GERBANG_JSON_NUMBER; }
    bool is_array() const { return kind() == GERBANG_JSON_ARRAY; }
    bool is_object() const { return kind() == GERBANG_JSON_OBJECT; }

    /// How many elements or members there are.
    uint32_t count() const { return node().text_length; }
    /// How many values there are inside this one, and it.
    uint32_t size() const { return node().end - place; }

    std::string_view text() const { return {tape->text + node().text_offset, node().text_length}; }
    std::string_view key() const { return {tape->text + node().key_offset, node().key_length}; }
    Decimal number() const { return Decimal(text()); }

    /// The first element or member, if the count is not zero.
    Value first() const { return {*tape, place + 1}; }
    /// The element or member after this one, if this is not the last.
    Value next() const { return {*tape, node().end}; }
    /// The value at an index of the same tape.
    Value at(uint32_t index) const { return {*tape, index}; }

    /// Appends a text that is the same for values that are equal by JSON Schema, and for no others.
    void append_to(std::string &out) const;

    /// A tape of nothing but the key.
    gerbang_json_node key_node() const {
        return {GERBANG_JSON_STRING, 0, 0, node().key_offset, node().key_length, 1};
    }
    const char *tape_text() const { return tape->text; }

private:
    const gerbang_json_node &node() const { return tape->nodes[place]; }

    const gerbang_json_tape *tape;
    uint32_t place;
};

/// The members of an object, to be found by key.
class Members {
public:
    explicit Members(Value object);

    /// The index of the member in its tape, or zero if there is none.
    uint32_t find(std::string_view key) const;

private:
    /// Up to this many members, looking through them all is faster than sorting them.
    static constexpr uint32_t sorting_threshold = 16;

    Value object;
    /// Empty for a small object. Sorted rather than hashed: no choice of keys makes it slow.
    std::vector<std::pair<std::string_view, uint32_t>> sorted;
};

}  // namespace gerbang
