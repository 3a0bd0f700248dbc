#include "core/setting_value.hpp"

#include <coroom/option_type.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <utility>

namespace coroom::detail {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return result;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = std::min(text.find_first_not_of(' '), text.size());
  return text.substr(first, text.find_last_not_of(' ') + 1 - first);
}

struct TimeUnit {
  std::string_view name;
  std::int64_t nanoseconds;
};

// From large to small. Of two names for one unit, the first is used for output.
constexpr std::array<TimeUnit, 10> units = {{{"w", 604'800'000'000'000},
                                             {"d", 86'400'000'000'000},
                                             {"h", 3'600'000'000'000},
                                             {"m", 60'000'000'000},
                                             {"min", 60'000'000'000},
                                             {"s", 1'000'000'000},
                                             {"sec", 1'000'000'000},
                                             {"ms", 1'000'000},
                                             {"us", 1'000},
                                             {"ns", 1}}};

}  // namespace

tl::unexpected<Error> not_a(std::string_view text, const std::string& what) {
  return failure(Errc::invalid_argument, "'" + detail::printable(text) + "' is not " + what);
}

Result<bool> parse_bool(std::string_view text) {
  const std::string word = lower(text);
  for (const char* yes : {"true", "t", "1", "yes", "on"}) {
    if (word == yes) return true;
  }
  for (const char* no : {"false", "f", "0", "no", "off"}) {
    if (word == no) return false;
  }
  return not_a(text, "true or false");
}

/// Parses numbers with units, one after the other: `1h30m`, `1.5s`.
Result<std::chrono::nanoseconds> parse_time(std::string_view text) {
  const auto wrong = [text] { return not_a(text, "a time such as 500ms, 10s, 2m or 1h30m"); };
  double sum = 0;
  std::string_view left = text;
  do {
    double number = 0;
    const char* const number_at = left.data();
    const auto [rest, ec] =
        std::from_chars(left.data(), left.data() + left.size(), number, std::chars_format::fixed);
    if (ec != std::errc() || !(number >= 0)) return wrong();
    left.remove_prefix(static_cast<std::size_t>(rest - left.data()));
    const std::string_view name = left.substr(0, left.find_first_of("0123456789."));
    const auto unit = std::ranges::find(units, name.empty() ? "s" : name, &TimeUnit::name);
    // A number without a unit after one with a unit is ambiguous: `1h30`.
    if (unit == units.end() || (name.empty() && number_at != text.data())) return wrong();
    sum += number * static_cast<double>(unit->nanoseconds);
    left.remove_prefix(name.size());
  } while (!left.empty());
  constexpr double too_long =
      3.2e18;  // nanoseconds; a century, so that clocks can add it to the current time
  if (!(sum < too_long)) return wrong();
  return std::chrono::nanoseconds(std::llround(sum));
}

std::string format_time(std::chrono::nanoseconds time) {
  if (time.count() == 0) return "0s";
  const auto unit =
      std::ranges::find_if(units, [&](const TimeUnit& each) { return time.count() % each.nanoseconds == 0; });
  return std::to_string(time.count() / unit->nanoseconds).append(unit->name);
}

/// Rejects `~` and variables. Only a shell expands them: from a file or the environment, the server would
/// create a folder of that name.
Result<std::filesystem::path> parse_path(std::string_view text) {
  constexpr std::string_view quotes = "\"'`";
  const auto wrong = [text](const std::string& why) {
    return failure(Errc::invalid_argument, "'" + detail::printable(text) + "' " + why);
  };
  if (text.empty()) return std::filesystem::path();
  if (text.starts_with('~')) return wrong("begins with ~, which only a shell expands: write the whole path");
  if (text.starts_with('$') || text.find("${") != std::string_view::npos)
    return wrong("contains a variable, which only a shell expands: write the whole path");
  if (quotes.find(text.front()) != std::string_view::npos ||
      quotes.find(text.back()) != std::string_view::npos)
    return wrong("begins or ends with a quotation mark, which is not removed: leave it out");
  return std::filesystem::path(text);
}

Result<std::string> parse_text(std::string_view text) {
  return detail::setting_value(text);
}

std::vector<std::string_view> split(std::string_view list) {
  std::vector<std::string_view> parts;
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    parts.push_back(trimmed(list.substr(0, comma)));
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  }
  return parts;
}

}  // namespace coroom::detail

namespace coroom {
namespace {

constexpr std::array<std::pair<std::string_view, IoBackend>, 3> io_backends{
    {{"auto", IoBackend::automatic}, {"epoll", IoBackend::epoll}, {"io_uring", IoBackend::io_uring}}};

}  // namespace

std::string OptionType<IoBackend>::format(IoBackend value) {
  const auto found = std::ranges::find(io_backends, value, &std::pair<std::string_view, IoBackend>::second);
  return std::string(found->first);
}

Result<IoBackend> OptionType<IoBackend>::parse(std::string_view text) {
  const auto found = std::ranges::find(io_backends, text, &std::pair<std::string_view, IoBackend>::first);
  if (found == io_backends.end()) return detail::not_a(text, "auto, epoll or io_uring");
  return found->second;
}

}  // namespace coroom
