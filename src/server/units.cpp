#include "server/units.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string>
#include <utility>

namespace coroom::server {
namespace {

using Unit = std::pair<std::string_view, std::size_t>;

constexpr std::size_t largest = std::numeric_limits<std::ptrdiff_t>::max();

template <std::size_t Size>
Result<std::size_t> parse_with_unit(std::string_view text, const std::array<Unit, Size>& units,
                                    std::string_view expected) {
  std::size_t number = 0;
  const auto [rest, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view suffix(rest, static_cast<std::size_t>(text.data() + text.size() - rest));
  const auto unit = std::ranges::find(units, suffix, &Unit::first);
  if (ec != std::errc() || unit == units.end() || number > largest / unit->second) {
    return failure("'" + std::string(text) + "' is not " + std::string(expected));
  }
  return number * unit->second;
}

}  // namespace

Result<std::size_t> parse_count(std::string_view text) {
  constexpr std::array<Unit, 1> units = {{{"", 1}}};
  return parse_with_unit(text, units, "a whole number");
}

Result<std::size_t> parse_bytes(std::string_view text) {
  constexpr std::array<Unit, 5> units = {
      {{"", 1}, {"B", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}}};
  return parse_with_unit(text, units, "a size in bytes such as 65536, 64KiB or 1MiB");
}

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  constexpr std::array<Unit, 4> units = {{{"", 1000}, {"s", 1000}, {"ms", 1}, {"m", 60'000}}};
  return parse_with_unit(text, units, "a time such as 25s, 500ms or 2m").map([](std::size_t milliseconds) {
    return std::chrono::milliseconds(milliseconds);
  });
}

}  // namespace coroom::server
