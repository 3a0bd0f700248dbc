#pragma once

#include "core/network.hpp"
#include "server/units.hpp"

#include <coroom/error.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coroom::server {

/// The callback of an option whose values go to `place`, which outlives the option.
template <class Value>
auto into(Value& place) {
  return [&place](const Value& value) -> Result<> {
    place = value;
    return {};
  };
}

/// The same with something that says what the value means, or that it is wrong.
template <class Value, class Parse>
auto into(Value& place, Parse parse) {
  return [&place, parse](const auto& value) -> Result<> {
    auto parsed = parse(value);
    if (!parsed) return tl::unexpected(parsed.error());
    place = std::move(*parsed);
    return {};
  };
}

/// Values that have names.
template <class Value>
auto one_of(std::vector<std::pair<std::string_view, Value>> names) {
  return [names = std::move(names)](const std::string& text) -> Result<Value> {
    std::string expected;
    for (const auto& [name, value] : names) {
      if (name == text) return value;
      expected.append(expected.empty() ? "" : ", ").append(name);
    }
    return failure("'" + text + "' is not one of " + expected);
  };
}

/// For what would let nothing through if it were 0.
inline Result<std::size_t> parse_some_bytes(std::string_view value) {
  auto bytes = parse_bytes(value);
  if (bytes && *bytes == 0) return failure("must be greater than 0");
  return bytes;
}

/// For texts and paths that are given or left out. An empty one is mostly a variable that was not set.
template <class Text>
Result<Text> parse_given(const Text& text) {
  if (text.empty()) return failure("is empty: give a value or leave the option out");
  return text;
}

/// As their networks; what is kept is their texts, which can be parsed.
inline Result<std::vector<std::string>> checked_networks(const std::vector<std::string>& texts) {
  return detail::parse_networks(texts).map([&](const auto&) { return texts; });
}

}  // namespace coroom::server
