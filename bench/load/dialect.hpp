#pragma once

#include "load/protobuf.hpp"

#include <coroom/error.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace coroom::bench {

/// A chat protocol: how a message is encoded in the sent frame and in the received one.
class Dialect {
 public:
  /// Each message is sent as a whole frame, and received as a line that ends with it.
  static Dialect plain();

  /// Each message is the text of a publication, and is received as a push that begins with the room and the
  /// text.
  static Dialect centrifuge(std::string room);

  /// The same as Protobuf. The URL must ask for that encoding.
  static Dialect centrifuge_protobuf(std::string room);

  /// Returns the dialect whose members subscribe with this number of tag filters, which match all messages.
  [[nodiscard]] Dialect with_filters(std::size_t filters) const;

  /// Returns the frame that joins the room for this member; empty if the URL does that.
  [[nodiscard]] std::string greeting(std::size_t member = 0) const;

  /// Returns whether a received frame holds the reply to the last command of greeting().
  [[nodiscard]] bool completes_join(std::string_view received) const;

  /// Returns the frame that publishes a message. Its letters must need no escapes in JSON.
  [[nodiscard]] std::string frame(std::string_view message) const;

  /// Returns the message of `bytes` bytes in a received frame; nullopt if the frame is not a message.
  [[nodiscard]] std::optional<std::string_view> message_in(std::string_view received,
                                                           std::size_t bytes) const;

  /// Returns the frame that answers a frame without a message; empty if none is needed. Fails if the frame
  /// reports a failed command.
  [[nodiscard]] Result<std::string> answer_to(std::string_view received) const;

  [[nodiscard]] bool is_protobuf() const { return protobuf_; }

 private:
  std::string room_;       // empty: plain
  std::string push_head_;  // the part of a push before its message; with Protobuf only its room
  bool protobuf_ = false;
  std::size_t filters_ = 0;
};

inline std::optional<std::string_view> Dialect::message_in(std::string_view received,
                                                           std::size_t bytes) const {
  if (protobuf_) return protobuf::message_in(received, push_head_, bytes);
  if (received.size() < push_head_.size() + bytes) return std::nullopt;
  if (push_head_.empty()) return received.substr(received.size() - bytes);
  if (!received.starts_with(push_head_)) return std::nullopt;
  return received.substr(push_head_.size(), bytes);
}

}  // namespace coroom::bench
