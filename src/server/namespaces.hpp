#pragma once

#include <coroom/error.hpp>
#include <coroom/room_options.hpp>
#include <coroom/room_rules.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace coroom::server {

/// What goes for the rooms of a namespace. The defaults serve an open chat.
struct Namespace {
  RoomOptions options{
      .presence = true, .join_leave = true, .history_size = 100, .history_ttl = std::chrono::hours(24)};
  RoomRules rules;
};

/// The namespaces of all rooms. A room `NAME:REST` is in the namespace NAME, if there is one; all others are
/// in the default one.
///
/// `typing:ROOM` is where the page tells who is writing in ROOM. Unless the file has a namespace of that
/// name, it keeps nothing and knows nobody, and who may be in ROOM, and speak there, may the same in it.
class Namespaces {
 public:
  [[nodiscard]] Namespace of(std::string_view room) const;

  /// Whether a room is in no namespace but the default one.
  [[nodiscard]] bool is_in_default(std::string_view room) const;

  /// Sets an option as it stands in a file, `KEY` of the default one or `NAME.KEY` of a namespace; an error
  /// says which key or value is wrong. A namespace that is named for the first time begins with Namespace's
  /// defaults.
  Result<> set(std::string_view key, std::string_view value);

  Namespace others;
  std::map<std::string, Namespace, std::less<>> named;
};

}  // namespace coroom::server
