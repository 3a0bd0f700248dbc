#include "core/json_text.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace coroom::detail {

void append_json_string(std::string& json, std::string_view text) {
  const auto has_to_be_escaped = [](char letter) {
    return static_cast<unsigned char>(letter) < 0x20 || letter == '"' || letter == '\\';
  };
  if (std::ranges::none_of(text, has_to_be_escaped)) {
    json.append("\"").append(text).append("\"");
  } else {
    json += boost::json::serialize(boost::json::string_view(text.data(), text.size()));
  }
}

bool is_json(std::string_view text) {
  boost::system::error_code ec;
  boost::json::monotonic_resource memory;
  boost::json::parse(boost::json::string_view(text.data(), text.size()), ec, &memory);
  return !ec;
}

void put_in_one_line(std::string& json) {
  std::ranges::replace_if(json, [](char letter) { return letter == '\n' || letter == '\r'; }, ' ');
}

std::string text_of_json(std::string_view json) {
  if (json.starts_with('"')) {
    boost::system::error_code ec;
    const auto value = boost::json::parse(boost::json::string_view(json.data(), json.size()), ec);
    if (!ec && value.is_string()) return std::string(value.get_string());
  }
  return std::string(json);
}

}  // namespace coroom::detail
