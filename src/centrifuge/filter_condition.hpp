#pragma once

#include "centrifuge/decimal.hpp"
#include "centrifuge/filter_node.hpp"

#include <coroom/publication.hpp>

#include <tl/expected.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace coroom::detail::centrifuge {

/// A FilterNode that was checked, in the form that is evaluated. Without the fields that its operator
/// ignores, so conditions with the same meaning are mostly equal. Nested at most `deepest_filter` levels.
struct Condition {
  enum class Operator : std::uint8_t {
    all_of,
    any_of,
    none_of,
    equal,
    not_equal,
    in,
    not_in,
    exists,
    not_exists,
    starts_with,
    ends_with,
    contains,
    greater,
    greater_or_equal,
    less,
    less_or_equal
  };

  Operator op = Operator::exists;
  std::string key = {};
  std::string value = {};
  std::vector<std::string> values = {};  // sorted
  std::optional<Decimal> number = {};    // that the value is; for comparisons of numbers
  std::vector<Condition> conditions = {};
};

/// Returns the condition of a request, or the reason why the request is invalid.
tl::expected<Condition, std::string> condition_of(const FilterNode& node);

/// Returns whether tags fulfil the condition. A missing tag is not equal to any value, and its text is empty
/// for "in" and "nin", as on other servers of the protocol. Text that is no number is neither less nor
/// greater than any.
bool is_met(const Condition& condition, const Tags& tags);

/// Returns bytes that are the same for equal conditions alone.
std::string canonical(const Condition& condition);

}  // namespace coroom::detail::centrifuge
