#include "Formats.hpp"

#include <cstddef>

namespace gerbang {

namespace {

/// The number that the digits at a place stand for, or -1 if they are not all digits.
int digits(std::string_view text, size_t position, size_t count) {
    if (position + count > text.size()) return -1;
    int result = 0;
    for (const char c : text.substr(position, count)) {
        if (c < '0' || c > '9') return -1;
        result = result * 10 + (c - '0');
    }
    return result;
}

bool has(std::string_view text, size_t position, char c) { return position < text.size() && text[position] == c; }

bool is_date(std::string_view text) {
    const int year = digits(text, 0, 4);
    const int month = digits(text, 5, 2);
    const int day = digits(text, 8, 2);
    if (text.size() != 10 || !has(text, 4, '-') || !has(text, 7, '-')) return false;
    if (year < 0 || month < 1 || month > 12 || day < 1) return false;
    static constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool is_leap_year = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day <= lengths[month - 1] + (month == 2 && is_leap_year ? 1 : 0);
}

bool is_time(std::string_view text) {
    const int hour = digits(text, 0, 2);
    const int minute = digits(text, 3, 2);
    const int second = digits(text, 6, 2);
    if (!has(text, 2, ':') || !has(text, 5, ':')) return false;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return false;
    size_t position = 8;
    if (has(text, position, '.')) {
        const size_t start = ++position;
        while (digits(text, position, 1) >= 0) ++position;
        if (position == start) return false;
    }
    int offset = 0;
    if (position + 1 == text.size()) {
        if (text[position] != 'Z' && text[position] != 'z') return false;
    } else {
        const int offset_hour = digits(text, position + 1, 2);
        const int offset_minute = digits(text, position + 4, 2);
        if (position + 6 != text.size() || !has(text, position + 3, ':')) return false;
        if (offset_hour < 0 || offset_hour > 23 || offset_minute < 0 || offset_minute > 59) return false;
        if (text[position] != '+' && text[position] != '-') return false;
        offset = (offset_hour * 60 + offset_minute) * (text[position] == '+' ? 1 : -1);
    }
    // A leap second comes at the end of a day in universal time.
    constexpr int day = 24 * 60;
    return second < 60 || (hour * 60 + minute - offset + day) % day == day - 1;
}

}  // namespace

Format format_named(std::string_view name) {
    if (name == "date") return Format::date;
    if (name == "time") return Format::time;
    if (name == "date-time") return Format::date_time;
    return Format::none;
}

bool matches(Format format, std::string_view text) {
    switch (format) {
    case Format::none:
        return true;
    case Format::date:
        return is_date(text);
    case Format::time:
        return is_time(text);
    case Format::date_time:
        return (has(text, 10, 'T') || has(text, 10, 't')) && is_date(text.substr(0, 10)) && is_time(text.substr(11));
    }
    return false;
}

}  // namespace gerbang
