#include "Value.hpp"

#include <algorithm>

namespace gerbang {

namespace {

void append_text(std::string &out, std::string_view text) {
    out.append(std::to_string(text.size())).push_back(':');
    out.append(text);
}

}  // namespace

void Value::append_to(std::string &out) const {
    out.push_back(static_cast<char>('a' + kind()));
    switch (kind()) {
    case GERBANG_JSON_NUMBER:
        number().append_to(out);
        break;
    case GERBANG_JSON_STRING:
        append_text(out, text());
        break;
    case GERBANG_JSON_ARRAY: {
        Value child = first();
        for (uint32_t i = 0; i < count(); ++i, child = child.next()) child.append_to(out);
        break;
    }
    case GERBANG_JSON_OBJECT: {
        std::vector<Value> members;
        members.reserve(count());
        Value child = first();
        for (uint32_t i = 0; i < count(); ++i, child = child.next()) members.push_back(child);
        std::sort(members.begin(), members.end(), [](Value a, Value b) { return a.key() < b.key(); });
        for (const Value member : members) {
            append_text(out, member.key());
            member.append_to(out);
        }
        break;
    }
    default:
        break;
    }
    out.push_back(';');
}

Members::Members(Value object) : object(object) {
    if (object.count() <= sorting_threshold) return;
    sorted.reserve(object.count());
    Value member = object.first();
    for (uint32_t i = 0; i < object.count(); ++i, member = member.next()) {
        sorted.emplace_back(member.key(), member.index());
    }
    std::sort(sorted.begin(), sorted.end());
}

uint32_t Members::find(std::string_view key) const {
    if (!sorted.empty()) {
        const auto is_before = [](const auto &member, std::string_view key) { return member.first < key; };
        const auto found = std::lower_bound(sorted.begin(), sorted.end(), key, is_before);
        return found != sorted.end() && found->first == key ? found->second : 0;
    }
    Value member = object.first();
    for (uint32_t i = 0; i < object.count(); ++i, member = member.next()) {
        if (member.key() == key) return member.index();
    }
    return 0;
}

}  // namespace gerbang
