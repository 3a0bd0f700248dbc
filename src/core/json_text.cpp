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

bool is_white_space(char letter) {
  return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r';
}

/// Returns the position behind the string of a JSON text that begins at `begin`. An even number of
/// backslashes before a quotation mark does not escape it.
std::size_t end_of_string(std::string_view text, std::size_t begin) {
  for (std::size_t quote = text.find('"', begin + 1); quote < text.size();
       quote = text.find('"', quote + 1)) {
    const std::size_t other = text.find_last_not_of('\\', quote - 1);
    if ((quote - other) % 2 == 1) return quote + 1;
  }
  return text.size();
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

void append_compact_json(std::string& json, std::string_view text) {
  std::size_t kept = 0;  // where the part begins that is not appended yet
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '"') {
      at = end_of_string(text, at);
    } else if (is_white_space(text[at])) {
      json.append(text.substr(kept, at - kept));
      kept = ++at;
    } else {
      ++at;
    }
  }
  json.append(text.substr(kept));
}

std::string text_of_json(std::string_view json) {
  if (json.substr(std::min(json.find_first_not_of(" \t\r\n"), json.size())).starts_with('"')) {
    boost::system::error_code ec;
    const auto value = boost::json::parse(boost::json::string_view(json.data(), json.size()), ec);
    if (!ec && value.is_string()) return std::string(value.get_string());
  }
  std::string text;
  append_compact_json(text, json);
  return text;
}

}  // namespace coroom::detail
