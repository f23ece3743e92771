#include "Decimal.hpp"

#include <algorithm>

namespace gerbang {

namespace {

constexpr int64_t largest_exponent = 1'000'000'000'000'000;

using Wide = unsigned __int128;

uint64_t power_of_ten(uint64_t exponent, uint64_t modulus) {
    Wide result = 1 % modulus;
    Wide base = 10 % modulus;
    for (; exponent != 0; exponent >>= 1) {
        if (exponent & 1) result = result * base % modulus;
        base = base * base % modulus;
    }
    return static_cast<uint64_t>(result);
}

}  // namespace

Decimal::Decimal(std::string_view text) {
    size_t position = 0;
    int64_t fraction_digits = 0;
    bool is_fraction = false;
    for (; position < text.size(); ++position) {
        const char c = text[position];
        if (c == '-') {
            is_negative = true;
        } else if (c == '.') {
            is_fraction = true;
        } else if (c == 'e' || c == 'E') {
            break;
        } else {
            if (is_fraction) ++fraction_digits;
            if (c != '0' || !digits.empty()) digits.push_back(c);
        }
    }
    const size_t last = digits.find_last_not_of('0');
    if (last == std::string::npos) {
        is_negative = false;
        digits.clear();
        return;
    }
    const auto trailing_zeros = static_cast<int64_t>(digits.size() - 1 - last);
    digits.resize(last + 1);
    int64_t written = 0;
    bool is_downward = false;
    for (++position; position < text.size(); ++position) {
        const char c = text[position];
        if (c == '-') {
            is_downward = true;
        } else if (c != '+') {
            written = std::min(written * 10 + (c - '0'), largest_exponent);
        }
    }
    exponent = std::clamp(
        (is_downward ? -written : written) + trailing_zeros - fraction_digits, -largest_exponent, largest_exponent);
}

int Decimal::compare(const Decimal &other) const {
    const int sign = digits.empty() ? 0 : is_negative ? -1 : 1;
    const int other_sign = other.digits.empty() ? 0 : other.is_negative ? -1 : 1;
    if (sign != other_sign || sign == 0) return sign - other_sign;
    const int64_t top = exponent + static_cast<int64_t>(digits.size());
    const int64_t other_top = other.exponent + static_cast<int64_t>(other.digits.size());
    if (top != other_top) return top < other_top ? -sign : sign;
    return sign * digits.compare(other.digits);
}

bool Decimal::is_multiple_of(const Decimal &divisor) const {
    if (digits.empty()) return true;
    // The digits do not end in zero, so a divisor with the higher power of ten cannot divide them.
    if (exponent < divisor.exponent) return false;
    uint64_t modulus = 0;
    for (const char c : divisor.digits) modulus = modulus * 10 + static_cast<uint64_t>(c - '0');
    Wide remainder = 0;
    for (const char c : digits) remainder = (remainder * 10 + static_cast<Wide>(c - '0')) % modulus;
    const auto shift = static_cast<uint64_t>(exponent - divisor.exponent);
    return remainder * power_of_ten(shift, modulus) % modulus == 0;
}

void Decimal::append_to(std::string &out) const {
    if (is_negative) out.push_back('-');
    out.append(digits).push_back('e');
    out.append(std::to_string(exponent));
}

}  // namespace gerbang
