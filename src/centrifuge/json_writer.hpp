#pragma once

#include "core/json_text.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <string>
#include <string_view>

namespace coroom::detail::centrifuge {

class JsonArray;

/// Ends a text that was begun, unless an exception has broken off what writes it. To add to the text may
/// throw.
class JsonEnd {
 public:
  void close(std::string& json, char end) const {
    if (std::uncaught_exceptions() == exceptions_) json += end;
  }

 private:
  int exceptions_ = std::uncaught_exceptions();
};

/// Appends a JSON object to a text, field by field, and JSON that is there already as it is: a tree of values
/// would have to be made for every publication, only to be written. Ends when it is destroyed; one that was
/// begun inside of it has to end before.
class JsonObject {
 public:
  explicit JsonObject(std::string& json) : json_(json) { json_ += '{'; }
  JsonObject(const JsonObject&) = delete;
  JsonObject& operator=(const JsonObject&) = delete;
  ~JsonObject() noexcept(false) { end_.close(json_, '}'); }

  /// Keys need no escapes.
  ///@{
  void text(std::string_view key, std::string_view value) {
    begin(key);
    append_json_string(json_, value);
  }
  void number(std::string_view key, std::uint64_t value) {
    begin(key);
    json_ += std::to_string(value);
  }
  void yes(std::string_view key) { json(key, "true"); }
  void json(std::string_view key, std::string_view value) {
    begin(key);
    const std::size_t start = json_.size();
    json_ += value;
    // A line break in JSON is white space, and would end the line here.
    const auto is_break = [](char letter) { return letter == '\n' || letter == '\r'; };
    std::ranges::replace_if(json_.begin() + static_cast<std::ptrdiff_t>(start), json_.end(), is_break, ' ');
  }
  JsonObject object(std::string_view key) {
    begin(key);
    return JsonObject(json_);
  }
  JsonArray array(std::string_view key);
  ///@}

 private:
  void begin(std::string_view key) {
    if (json_.back() != '{') json_ += ',';
    json_.append("\"").append(key).append("\":");
  }

  std::string& json_;
  JsonEnd end_;
};

/// The same for an array of objects.
class JsonArray {
 public:
  explicit JsonArray(std::string& json) : json_(json) { json_ += '['; }
  JsonArray(const JsonArray&) = delete;
  JsonArray& operator=(const JsonArray&) = delete;
  ~JsonArray() noexcept(false) { end_.close(json_, ']'); }

  JsonObject object() {
    if (json_.back() != '[') json_ += ',';
    return JsonObject(json_);
  }

 private:
  std::string& json_;
  JsonEnd end_;
};

inline JsonArray JsonObject::array(std::string_view key) {
  begin(key);
  return JsonArray(json_);
}

}  // namespace coroom::detail::centrifuge
