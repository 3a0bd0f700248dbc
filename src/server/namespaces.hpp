#pragma once

#include "server/name_pattern.hpp"

#include <coroom/error.hpp>
#include <coroom/room_options.hpp>
#include <coroom/room_rules.hpp>

#include <tl/expected.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace coroom::server {

/// The limits of a history for which nothing was set.
struct HistoryDefaults {
  std::size_t size;
  std::chrono::milliseconds ttl;
  std::size_t bytes;  ///< applies only if the size is not set either; else unlimited
};

constexpr HistoryDefaults kept_in_memory{100, std::chrono::hours(24), std::size_t{8} << 20};
constexpr HistoryDefaults kept_on_disk{10'000, std::chrono::hours(24 * 30), std::size_t{8} << 20};

/// The options and rules of the rooms in a namespace. The defaults suit an open chat.
struct Namespace {
  RoomOptions options{.history_size = kept_in_memory.size, .history_ttl = kept_in_memory.ttl};
  RoomRules rules;
};

/// The policy for rooms `NAME:REST` without a namespace NAME.
enum class UnknownNamespace {
  refuse,
  use_default,  // they are in the default namespace
};

/// Reads `refuse` or `default`.
Result<UnknownNamespace> parse_unknown_namespace(const std::string& text);

/// The reason why no client can join a room of a name.
struct RoomFault {
  enum class Kind { bad_name, unknown_namespace };
  Kind kind;
  std::string message;  // a sentence for the client
};

/// The namespaces of all rooms. A room `NAME:REST` is in the namespace NAME, if that exists; all other rooms
/// are in the default namespace, unless `unknown` refuses them. So are `:REST` and names without a colon.
///
/// In `typing:ROOM` the page publishes who is typing in ROOM. Unless the file defines a namespace of that
/// name, such a room has no history and no presence. A client may subscribe and publish there if it may do so
/// in ROOM, and the name is valid if ROOM is.
class Namespaces {
 public:
  [[nodiscard]] Namespace of(std::string_view room) const;

  /// Returns whether a room is in the default namespace.
  [[nodiscard]] bool is_in_default(std::string_view room) const;

  /// Checks the namespace of a room, and the room's name by the `channel_regex` of the namespace.
  [[nodiscard]] tl::expected<void, RoomFault> check(std::string_view room) const;

  /// Sets an option from a file: `KEY` of the default namespace or `NAME.KEY` of another. The error names the
  /// wrong key or value. A new namespace begins with Namespace's defaults.
  Result<> set(std::string_view key, std::string_view value);

  /// Marks an option of the default namespace as set by something other than a file, so that
  /// settle_histories() keeps it.
  void note_given(std::string_view key) { given_.emplace("", key); }

  /// Sets the limits of all histories for which nothing was set.
  void settle_histories(const HistoryDefaults& defaults);

  Namespace others;
  std::map<std::string, Namespace, std::less<>> named;
  std::optional<UnknownNamespace> unknown;  // none: refuse, once there is a namespace

 private:
  [[nodiscard]] bool refuses_unknown() const;
  Result<> set_unknown(std::string_view value);
  Result<> set_pattern(std::string_view name, std::string_view value);

  // Apart from Namespace, which is copied for each message: a copy would count references.
  std::map<std::string, NamePattern, std::less<>> patterns_;  // by namespace; "" is the default one
  std::set<std::pair<std::string, std::string>> given_;       // namespace and option
};

}  // namespace coroom::server
