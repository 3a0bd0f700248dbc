#pragma once

#include <coroom/error.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace coroom::bench {

/// How the messages of a chat travel: where a message stands in what is said, and in what is heard of it.
class Dialect {
 public:
  /// A message is all that is said; what is heard is a line that ends with it.
  static Dialect plain();

  /// A message is the text that a command publishes; what is heard is a push that begins with the room and
  /// it.
  static Dialect centrifuge(std::string room);

  /// The frame that enters the room; empty: the URL says enough.
  [[nodiscard]] std::string greeting() const;

  /// The frame that says a message, whose letters need no escapes in JSON.
  [[nodiscard]] std::string frame(std::string_view message) const;

  /// The message of that many bytes; nullopt if something else was heard.
  [[nodiscard]] std::optional<std::string_view> message_in(std::string_view heard, std::size_t bytes) const;

  /// The frame that something else wants for an answer; empty: none. Fails if it says that a command failed.
  [[nodiscard]] Result<std::string> answer_to(std::string_view heard) const;

 private:
  std::string room_;       // empty: plain
  std::string push_head_;  // all that stands before a message
};

inline std::optional<std::string_view> Dialect::message_in(std::string_view heard, std::size_t bytes) const {
  if (heard.size() < push_head_.size() + bytes) return std::nullopt;
  if (push_head_.empty()) return heard.substr(heard.size() - bytes);
  if (!heard.starts_with(push_head_)) return std::nullopt;
  return heard.substr(push_head_.size(), bytes);
}

}  // namespace coroom::bench
