#pragma once

#include <boost/json/fwd.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace coroom {

/// One whole WebSocket message, joined from its fragments (RFC 6455 section 5.6), or a value to publish.
///
/// Text and JSON convert: `write_message("hello")`, `room.publish(boost::json::object{{"x", 1}})`. Binary
/// data says so: `Message::binary(bytes)`. A message that a client sends is text or binary.
struct Message {
  /// The kind of the data. A JSON value leaves as a text message; a room keeps it as JSON.
  enum class Kind { text, binary, json };

  Message() = default;
  Message(Kind kind_of_data, std::string bytes) : kind(kind_of_data), data(std::move(bytes)) {}

  // NOLINTBEGIN(google-explicit-constructor): they are conversions.
  Message(std::string text) : data(std::move(text)) {}
  Message(std::string_view text) : data(text) {}
  Message(const char* text) : data(text) {}
  Message(const boost::json::value& json);
  Message(const boost::json::object& json);
  Message(const boost::json::array& json);
  // NOLINTEND(google-explicit-constructor)

  /// Returns a binary message.
  static Message binary(std::string bytes) { return {Kind::binary, std::move(bytes)}; }

  Kind kind = Kind::text;
  std::string data;  ///< UTF-8 if the kind is text; one JSON value (RFC 8259) if it is JSON
};

}  // namespace coroom
