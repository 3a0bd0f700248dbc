#pragma once

#include <string>
#include <string_view>

namespace coroom::detail {

/// Appends UTF-8 text as a JSON string (RFC 8259 section 7).
void append_json_string(std::string& json, std::string_view text);

/// True if the text is one JSON value (RFC 8259) in UTF-8, not nested deeper than 32.
bool is_json(std::string_view text);

/// Makes such a text one line: line breaks stand only between its tokens.
void put_in_one_line(std::string& json);

/// The text of a JSON value that is a string; any other value as it is.
std::string text_of_json(std::string_view json);

}  // namespace coroom::detail
