#pragma once

#include <string_view>

namespace gerbang {

/// The formats that are checked; all others are notes to the reader (JSON Schema Validation draft 7, section 7.2).
enum class Format { none, date, time, date_time };

/// `none` for a format that is not checked.
Format format_named(std::string_view name);

/// Whether a text is a full-date, full-time or date-time of RFC 3339, section 5.6.
bool matches(Format format, std::string_view text);

}  // namespace gerbang
