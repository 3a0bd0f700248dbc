#pragma once

#include <string>
#include <vector>

namespace coroom::detail::centrifuge {

/// A tag filter as a client sends it, a tree: a comparison of one tag, or an operation on other nodes.
struct FilterNode {
  std::string op;   // "and", "or" or "not"; empty: a comparison
  std::string key;  // of the compared tag
  std::string cmp;  // the comparison, such as "eq"
  std::string val;
  std::vector<std::string> vals;
  std::vector<FilterNode> nodes;

  bool operator==(const FilterNode&) const = default;
};

}  // namespace coroom::detail::centrifuge
