#pragma once

#include <coroom/error.hpp>

#include <string>
#include <string_view>

namespace coroom::detail {

/// A secret is compared byte by byte elsewhere, and appears in no error message.
enum class SettingKind { open, secret };

/// Returns the value of a setting from any source: the text without ASCII white space and line ends around
/// it. From a secret, only line ends after it are removed.
///
/// Fails for text that is probably not the intended value: invalid UTF-8, control characters, an invisible
/// character at either end, quotation marks around the whole text, or white space around a secret. The error
/// quotes the text unless it is a secret.
Result<std::string> setting_value(std::string_view written, SettingKind kind = SettingKind::open);

/// Returns the text of a configuration file or a secret's file without its UTF-8 byte order mark. Fails for
/// UTF-16.
Result<std::string_view> text_of_file(std::string_view content);

/// Returns the text in a form that can be shown in one line. Control characters, invisible characters and
/// invalid UTF-8 are escaped, as in `\u{A0}` and `\xFF`.
std::string printable(std::string_view text);

}  // namespace coroom::detail
