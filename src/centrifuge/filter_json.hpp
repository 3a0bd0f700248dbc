#pragma once

#include "centrifuge/filter_node.hpp"

#include <coroom/error.hpp>

#include <string_view>

namespace coroom::detail::centrifuge {

/// Reads a filter from JSON, such as `{"key":"lang","cmp":"eq","val":"en"}`. Ignores unknown fields, and
/// takes null for an absent field. Fails for a field of another type, which the error names, and beyond the
/// limits of nodes and levels. TagFilter checks the rest.
Result<FilterNode> filter_of_json(std::string_view json);

}  // namespace coroom::detail::centrifuge
