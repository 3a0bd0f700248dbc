#include "web/range_choice.hpp"

#include "core/grammar.hpp"

#include <algorithm>
#include <charconv>

namespace coroom::detail::web {
namespace {

constexpr std::string_view unit = "bytes=";

/// Parses a position of RFC 9110 section 14.1.1: only digits.
std::optional<std::uint64_t> number_of(std::string_view digits) {
  std::uint64_t number = 0;
  const char* const end = digits.data() + digits.size();
  const auto [read, error] = std::from_chars(digits.data(), end, number);
  if (error != std::errc() || read != end) return std::nullopt;
  return number;
}

/// Returns the range of the last `length` bytes of the file.
RangeChoice suffix(std::uint64_t length, std::uint64_t size) {
  if (length == 0 || size == 0) return {RangeChoice::Kind::unsatisfiable, {}};
  const std::uint64_t most = std::min(length, size);
  return {RangeChoice::Kind::part, {size - most, most}};
}

}  // namespace

RangeChoice choose_range(std::optional<std::string_view> field, std::uint64_t size) {
  if (!field || !starts_with_ignoring_case(*field, unit)) return {};
  const std::string_view text = field->substr(unit.size());
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return {};
  const auto first = number_of(text.substr(0, dash));
  const std::string_view behind = text.substr(dash + 1);
  const auto last = number_of(behind);
  if (!last && !behind.empty()) return {};
  if (dash == 0) return last ? suffix(*last, size) : RangeChoice();
  if (!first || (last && *last < *first)) return {};
  if (*first >= size) return {RangeChoice::Kind::unsatisfiable, {}};
  const std::uint64_t end = last ? std::min(*last, size - 1) : size - 1;
  return {RangeChoice::Kind::part, {*first, end - *first + 1}};
}

}  // namespace coroom::detail::web
