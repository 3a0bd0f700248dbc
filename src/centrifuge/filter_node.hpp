#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace coroom::detail::centrifuge {

/// A condition on the tags of publications, as a client requests it (`tf` of a subscription): a comparison of
/// one tag, or a combination of conditions. TagFilter checks and evaluates it.
struct FilterNode {
  std::string op;                 ///< empty: a comparison; "and", "or" and "not" combine `nodes`
  std::string key;                ///< of the tag
  std::string cmp;                ///< the comparison, such as "eq"
  std::string val;                ///< that the tag is compared with
  std::vector<std::string> vals;  ///< the same, for "in" and "nin"
  std::vector<FilterNode> nodes;

  bool operator==(const FilterNode&) const = default;
};

/// The limits of one filter. A client may choose it, and it is evaluated for each publication of the room, so
/// these are what people and programs write, and evaluation takes some microseconds.
///@{
inline constexpr std::size_t deepest_filter = 15;            // levels: as many as fit into a JSON command
inline constexpr std::size_t most_filter_nodes = 100;        // comparisons and combinations
inline constexpr std::size_t most_filter_values = 1000;      // in all lists of "in" and "nin"
inline constexpr std::size_t longest_filter_text = 8 << 10;  // bytes of all keys and values
///@}

}  // namespace coroom::detail::centrifuge
