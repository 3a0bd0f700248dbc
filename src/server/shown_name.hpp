#pragma once

#include <coroom/error.hpp>

#include <string>
#include <string_view>

namespace coroom::server {

/// A name that people read, as it is written once and for all: without white space around it, with one blank
/// where there was white space inside, and in Unicode's normalization form C. So two names that look the same
/// are the same, but for words of another script that resemble Latin ones as a whole.
///
/// An error says in a sentence why it is none: no UTF-8, empty, nothing that can be seen, a control character
/// or the end of a line, a character that can't be seen or turns the direction of text, a word in which
/// letters of another script pass for Latin ones. Joiners and variation
/// selectors are taken where they change what is seen: in emoji, and between letters that join.
Result<std::string> shown_name(std::string_view text);

}  // namespace coroom::server
