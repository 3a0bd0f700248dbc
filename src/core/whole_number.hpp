#pragma once

#include <charconv>
#include <cmath>
#include <concepts>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

namespace coroom::detail {

/// Returns the value as an integer; nullopt if it has a fraction or does not fit. A double represents every
/// integer exactly only up to 2^53.
template <std::integral Number>
std::optional<Number> whole_number(double value) {
  constexpr double farthest = 9007199254740992.0;  // 2^53
  if (std::isnan(value) || std::abs(value) > farthest) return std::nullopt;
  const auto whole = static_cast<long long>(value);
  if (static_cast<double>(whole) != value || !std::in_range<Number>(whole)) return std::nullopt;
  return static_cast<Number>(whole);
}

/// Parses a JSON number that is an integer. Languages without integers write 1 and 10 as `1.0` and `1e1`.
template <std::integral Number>
std::optional<Number> whole_number(std::string_view json) {
  const char* const end = json.data() + json.size();
  Number number = 0;
  auto read = std::from_chars(json.data(), end, number);
  if (read.ec == std::errc() && read.ptr == end) return number;
  double value = 0;
  read = std::from_chars(json.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return whole_number<Number>(value);
}

}  // namespace coroom::detail
