#pragma once

#include "server/units.hpp"

#include <coroom/error.hpp>
#include <coroom/network.hpp>
#include <coroom/option_parser.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coroom::server {

/// Returns an option's callback that stores its value in `place`, which outlives the option.
template <class Value>
auto into(Value& place) {
  return [&place](const Value& value) -> Result<> {
    place = value;
    return {};
  };
}

/// Returns a callback that stores the value that `parse` returns, or fails with its error.
template <class Value, class Parse>
auto into(Value& place, Parse parse) {
  return [&place, parse](const auto& value) -> Result<> {
    auto parsed = parse(value);
    if (!parsed) return tl::unexpected(parsed.error());
    place = std::move(*parsed);
    return {};
  };
}

/// The names of a flag's values.
template <class Value>
using ValueNames = std::vector<std::pair<std::string_view, Value>>;

/// Returns a parser for named values.
template <class Value>
auto one_of(ValueNames<Value> names) {
  return [names = std::move(names)](const std::string& text) -> Result<Value> {
    std::string expected;
    for (const auto& [name, value] : names) {
      if (name == text) return value;
      expected.append(expected.empty() ? "" : ", ").append(name);
    }
    return failure("'" + text + "' is not one of " + expected);
  };
}

/// Defines a flag for a named value. Its default is the value of `place`, which outlives the flag.
template <class Value>
void define_name(OptionParser& flags, std::string flag, Value& place, ValueNames<Value> names,
                 std::string help, OptionDetails<std::string> details) {
  const auto usual = std::ranges::find(names, place, &ValueNames<Value>::value_type::second);
  const std::string fallback(usual == names.end() ? std::string_view() : usual->first);
  details.callback = into(place, one_of(std::move(names)));
  flags.define<std::string>(std::move(flag), fallback, std::move(help), std::move(details));
}

/// Defines a flag for a size in bytes. Its default is the value of `place`, which outlives the flag.
inline void define_bytes(OptionParser& flags, std::string flag, std::size_t& place, std::string help,
                         std::string group, Result<std::size_t> (*parse)(std::string_view) = parse_bytes) {
  flags.define<std::string>(std::move(flag), format_bytes(place), std::move(help),
                            {.metavar = "BYTES", .group = std::move(group), .callback = into(place, parse)});
}

/// Parses a size that must not be 0.
inline Result<std::size_t> parse_some_bytes(std::string_view value) {
  auto bytes = parse_bytes(value);
  if (bytes && *bytes == 0) return failure("must be greater than 0");
  return bytes;
}

/// Parses an optional text or path. Rejects an empty one: it mostly comes from a variable that was not set.
template <class Text>
Result<Text> parse_given(const Text& text) {
  if (text.empty()) return failure("the value is empty: give a value or leave the option out");
  return text;
}

/// Checks that the texts are networks, and returns them unchanged.
inline Result<std::vector<std::string>> checked_networks(const std::vector<std::string>& texts) {
  return parse_networks(texts).map([&](const auto&) { return texts; });
}

}  // namespace coroom::server
