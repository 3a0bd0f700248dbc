#pragma once

#include "core/json_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <string>
#include <string_view>

namespace coroom::detail::centrifuge {

class JsonArray;

/// The key of a field with its quotes, made at compile time from a literal. The literal must need no escapes.
class JsonKey {
 public:
  template <std::size_t size>
  consteval JsonKey(const char (&key)[size])  // NOLINT: a literal is a key
      : size_(size + 3) {
    static_assert(size + 3 <= sizeof text_);
    text_[0] = ',';
    text_[1] = '"';
    std::copy_n(key, size - 1, text_ + 2);
    text_[size + 1] = '"';
    text_[size + 2] = ':';
  }

  [[nodiscard]] constexpr std::string_view first() const { return following().substr(1); }
  [[nodiscard]] constexpr std::string_view following() const { return {text_, size_}; }

 private:
  char text_[24] = {};  // NOLINT(modernize-avoid-c-arrays): with the comma before it
  std::size_t size_;
};

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

  void text(const JsonKey& key, std::string_view value) {
    begin(key);
    append_json_string(json_, value);
  }
  void number(const JsonKey& key, std::uint64_t value) {
    begin(key);
    std::array<char, std::numeric_limits<std::uint64_t>::digits10 + 1> digits{};
    json_.append(digits.begin(), std::to_chars(digits.begin(), digits.end(), value).ptr);
  }
  void yes(const JsonKey& key) { json(key, "true"); }
  /// Appends JSON without the white space between its tokens: a line break would end the line of the
  /// protocol.
  void json(const JsonKey& key, std::string_view value) {
    begin(key);
    append_compact_json(json_, value);
  }

  /// Appends a text whose key is known only now.
  void text_named(std::string_view key, std::string_view value) {
    begin_named(key);
    append_json_string(json_, value);
  }
  JsonObject object(const JsonKey& key) {
    begin(key);
    return JsonObject(json_);
  }
  JsonArray array(const JsonKey& key);

  /// Appends an object whose key is known only now.
  JsonObject object_named(std::string_view key) {
    begin_named(key);
    return JsonObject(json_);
  }

 private:
  void begin_named(std::string_view key) {
    if (json_.back() != '{') json_ += ',';
    append_json_string(json_, key);
    json_ += ':';
  }
  void begin(const JsonKey& key) { json_ += json_.back() == '{' ? key.first() : key.following(); }

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

inline JsonArray JsonObject::array(const JsonKey& key) {
  begin(key);
  return JsonArray(json_);
}

}  // namespace coroom::detail::centrifuge
