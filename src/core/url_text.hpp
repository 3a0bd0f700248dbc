#pragma once

#include <string>
#include <string_view>

namespace coroom::detail {

/// Returns whether text has a byte that no part of a URL may have, encoded or not: a space, a control
/// character, DEL.
bool has_space_or_control(std::string_view text);

/// Returns a path and its query, or a URL with a scheme and "//", with all percent-encoded in both that
/// RFC 3986 wants encoded. Browsers and simple clients leave such signs as they are: `|`, `[`, `^`, a lone
/// `%`, UTF-8 (URL Standard, "percent-encode sets"). Authority and fragment stay.
std::string encoded_target(std::string_view target);

/// The same for the text behind a question mark, or in a form.
std::string encoded_query(std::string_view query);

}  // namespace coroom::detail
