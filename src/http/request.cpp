#include "core/grammar.hpp"

#include <coroom/request.hpp>

#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <ranges>

namespace coroom {
namespace {

/// Calls `take` with each part of the text between separators, trimmed, until it returns true.
template <class Take>
bool any_part(std::string_view text, char separator, Take take) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (take(detail::trimmed(text.substr(0, end)))) return true;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
}

}  // namespace

void Headers::add(std::string name, std::string value) {
  fields_.emplace_back(std::move(name), std::move(value));
}

void Headers::set(std::string name, std::string value) {
  remove(name);
  add(std::move(name), std::move(value));
}

void Headers::remove(std::string_view name) {
  std::erase_if(fields_, [&](const Field& field) { return boost::beast::iequals(field.first, name); });
}

std::optional<std::string_view> Headers::get(std::string_view name) const {
  for (const auto& [key, value] : fields_) {
    if (boost::beast::iequals(key, name)) return value;
  }
  return std::nullopt;
}

std::string Headers::list(std::string_view name) const {
  std::string joined;
  for (const auto& [key, value] : fields_) {
    if (!boost::beast::iequals(key, name)) continue;
    if (!joined.empty()) joined += ", ";
    joined += value;
  }
  return joined;
}

bool Headers::has_token(std::string_view name, std::string_view token) const {
  return any_part(list(name), ',', [&](std::string_view part) { return boost::beast::iequals(part, token); });
}

std::vector<std::string> Headers::tokens(std::string_view name) const {
  std::vector<std::string> found;
  any_part(list(name), ',', [&](std::string_view part) {
    if (!part.empty()) found.emplace_back(part);
    return false;
  });
  return found;
}

std::optional<std::string_view> Request::argument(std::string_view name) const {
  for (const auto& [key, value] : std::views::reverse(query)) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::optional<std::string_view> Request::cookie(std::string_view name) const {
  for (const auto& [field, value] : headers) {
    if (!boost::beast::iequals(field, "Cookie")) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      std::string_view pair = rest.substr(0, rest.find(';'));
      rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
      pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
      const std::size_t equals = pair.find('=');
      if (equals != std::string_view::npos && pair.substr(0, equals) == name) return pair.substr(equals + 1);
    }
  }
  return std::nullopt;
}

}  // namespace coroom
