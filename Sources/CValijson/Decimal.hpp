#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gerbang {

/// An exact decimal number: digits without zeros at either end, times a power of ten. Zero has no digits.
///
/// Exponents beyond ±10^15 count as ±10^15, so that sums of them cannot overflow.
struct Decimal {
    bool is_negative = false;
    std::string digits;
    int64_t exponent = 0;

    /// Takes a number that follows the JSON grammar.
    explicit Decimal(std::string_view text);

    bool is_integer() const { return exponent >= 0; }

    /// Less than, equal to or greater than zero, as this is to the other.
    int compare(const Decimal &other) const;

    /// Whether a divisor can be used: greater than zero, with at most 18 digits.
    bool is_divisor() const { return !is_negative && !digits.empty() && digits.size() <= 18; }

    bool is_multiple_of(const Decimal &divisor) const;

    /// Appends a text that is the same for equal numbers only.
    void append_to(std::string &out) const;
};

}  // namespace gerbang
