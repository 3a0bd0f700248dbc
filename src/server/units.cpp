#include "server/units.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string>
#include <utility>

namespace coroom::server {
namespace {

using SizeUnit = std::pair<std::string_view, std::size_t>;

// From the largest to the smallest.
constexpr std::array<SizeUnit, 5> units = {
    {{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"", 1}, {"B", 1}}};

}  // namespace

Result<std::size_t> parse_bytes(std::string_view text) {
  constexpr std::size_t largest = std::numeric_limits<std::ptrdiff_t>::max();

  std::size_t number = 0;
  const auto [rest, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view suffix(rest, static_cast<std::size_t>(text.data() + text.size() - rest));
  const auto unit = std::ranges::find(units, suffix, &SizeUnit::first);
  if (ec != std::errc() || unit == units.end() || number > largest / unit->second) {
    return failure("'" + std::string(text) + "' is not a size in bytes such as 65536, 64KiB or 1MiB");
  }
  return number * unit->second;
}

std::string format_bytes(std::size_t bytes) {
  if (bytes == 0) return "0";
  const auto divides = [bytes](const SizeUnit& unit) { return bytes % unit.second == 0; };
  const auto unit = std::ranges::find_if(units, divides);
  return std::to_string(bytes / unit->second).append(unit->first);
}

}  // namespace coroom::server
