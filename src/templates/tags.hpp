#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace coroom::detail::templates {

/// Returns the names of the templates that a template includes by `{{> name}}`, in order. Respects changed
/// delimiters, and stops where the template is broken.
std::vector<std::string> included_in(std::string_view text);

}  // namespace coroom::detail::templates
