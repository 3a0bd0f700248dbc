#pragma once

#include <coroom/error.hpp>

#include <string>
#include <string_view>

namespace coroom::server {

/// Returns a name in its canonical form, as people see it. The form has no white space around the name, one
/// blank for white space inside, and Unicode's normalization form C. Names that look the same are then equal,
/// except for whole words of another script that resemble Latin ones.
///
/// The error is a sentence that names the fault: not UTF-8, empty, nothing visible, a control character or
/// the end of a line. Other faults are an invisible character, a change of the direction of text, private
/// use, and a word that mixes Latin letters with look-alikes. Joiners and variation selectors are accepted
/// where they change the appearance: in emoji, and between letters that join.
Result<std::string> shown_name(std::string_view text);

}  // namespace coroom::server
