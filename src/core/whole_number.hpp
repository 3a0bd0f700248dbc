#pragma once

#include <charconv>
#include <cmath>
#include <concepts>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

namespace coroom::detail {

/// The same value as a whole number; nullopt if it has a fraction, or does not fit. A double tells whole
/// numbers apart up to 2^53.
template <std::integral Number>
std::optional<Number> whole_number(double value) {
  constexpr double farthest = 9007199254740992.0;  // 2^53
  if (std::isnan(value) || std::abs(value) > farthest) return std::nullopt;
  const auto whole = static_cast<long long>(value);
  if (static_cast<double>(whole) != value || !std::in_range<Number>(whole)) return std::nullopt;
  return static_cast<Number>(whole);
}

/// Reads a whole number of JSON. Writers in languages without whole numbers write `1.0` or `1e1`, and mean 1
/// and 10.
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
