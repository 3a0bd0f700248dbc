#pragma once

#include <string>
#include <string_view>

namespace coroom::detail {

/// Returns whether text, percent-encoded or not, contains a byte that no part of a URL may contain: a space,
/// a control character or DEL.
bool has_space_or_control(std::string_view text);

/// Returns a target (a path with its query) or a URL with a scheme and "//", percent-encoded where RFC 3986
/// requires it in path and query. Browsers and simple clients leave some characters unencoded: `|`, `[`, `^`,
/// a lone `%`, UTF-8 (URL Standard, "percent-encode sets"). Authority and fragment stay unchanged.
std::string encoded_target(std::string_view target);

/// Encodes the text after a question mark, or a form's content, in the same way.
std::string encoded_query(std::string_view query);

}  // namespace coroom::detail
