#include "http/message.hpp"

#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/trim.hpp>

#include <type_traits>

namespace coroom::http {

void Headers::add(std::string name, std::string value) {
  fields_.emplace_back(std::move(name), std::move(value));
}

std::optional<std::string_view> Headers::get(std::string_view name) const {
  for (const auto& [key, value] : fields_) {
    if (boost::algorithm::iequals(key, name)) return value;
  }
  return std::nullopt;
}

std::string Headers::list(std::string_view name) const {
  std::string joined;
  for (const auto& [key, value] : fields_) {
    if (!boost::algorithm::iequals(key, name)) continue;
    if (!joined.empty()) joined += ", ";
    joined += value;
  }
  return joined;
}

bool Headers::has_token(std::string_view name, std::string_view token) const {
  const std::string values = list(name);
  std::string_view rest = values;
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    if (boost::algorithm::iequals(boost::algorithm::trim_copy(std::string(rest.substr(0, comma))), token))
      return true;
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return false;
}

std::optional<std::string_view> Request::argument(std::string_view name) const {
  for (const auto& [key, value] : query) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::string_view Response::bytes() const {
  return std::visit(
      [](const auto& held) -> std::string_view {
        if constexpr (std::is_same_v<std::decay_t<decltype(held)>, SharedBytes>) {
          return held ? std::string_view(*held) : std::string_view();
        } else {
          return held;
        }
      },
      body);
}

Response text_response(unsigned status, std::string_view text) {
  Response response(status);
  response.headers.add("Content-Type", "text/plain; charset=utf-8");
  response.body = std::string(text) + "\n";
  return response;
}

}  // namespace coroom::http
