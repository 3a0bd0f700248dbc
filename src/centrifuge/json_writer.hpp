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

/// Closes an object or array, unless an exception has interrupted the code that writes it. Appending to the
/// text may throw.
class JsonEnd {
 public:
  void close(std::string& json, char end) const {
    if (std::uncaught_exceptions() == exceptions_) json += end;
  }

 private:
  int exceptions_ = std::uncaught_exceptions();
};

/// Appends a JSON object to a text, field by field, and embeds existing JSON unchanged. A tree of values
/// would cost allocations for each publication. The destructor closes the object; a nested object must be
/// destroyed first.
class JsonObject {
 public:
  explicit JsonObject(std::string& json) : json_(json) { json_ += '{'; }
  JsonObject(const JsonObject&) = delete;
  JsonObject& operator=(const JsonObject&) = delete;
  ~JsonObject() noexcept(false) { end_.close(json_, '}'); }

  /// Keys must need no escapes.
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
    // A line break is white space in JSON, but would end the line of the protocol.
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

/// Appends a JSON array of objects to a text, like JsonObject.
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
