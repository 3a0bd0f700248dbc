#pragma once

#include <string>
#include <string_view>

namespace coroom::detail {

/// Appends UTF-8 text as a JSON string (RFC 8259 section 7).
void append_json_string(std::string& json, std::string_view text);

/// Returns whether the text is one JSON value (RFC 8259) in UTF-8, nested at most 32 levels deep.
bool is_json(std::string_view text);

/// Replaces the line breaks of valid JSON text with spaces. They occur only between its tokens.
void put_in_one_line(std::string& json);

/// Appends valid JSON text without the white space between its tokens.
void append_compact_json(std::string& json, std::string_view text);

/// Returns the text of a JSON string, or any other JSON value without the white space between its tokens.
std::string text_of_json(std::string_view json);

}  // namespace coroom::detail
