#include "core/json_text.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace coroom::detail {
namespace {

/// Reads every byte, so that the compiler vectorizes the loop.
bool has_to_be_escaped(std::string_view text) {
  bool found = false;
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    found |= (byte < 0x20) | (byte == '"') | (byte == '\\');
  }
  return found;
}

}  // namespace

void append_json_string(std::string& json, std::string_view text) {
  if (!has_to_be_escaped(text)) {
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
