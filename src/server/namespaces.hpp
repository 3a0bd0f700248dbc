#pragma once

#include <coroom/error.hpp>
#include <coroom/room_options.hpp>
#include <coroom/room_rules.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace coroom::server {

/// What goes for the rooms of a namespace. The defaults serve an open chat.
struct Namespace {
  RoomOptions options{
      .presence = true, .join_leave = true, .history_size = 100, .history_ttl = std::chrono::hours(24)};
  RoomRules rules;
};

/// How long a history is where nothing is said of it.
struct HistoryDefaults {
  std::size_t size;
  std::chrono::milliseconds ttl;
  std::size_t bytes;  ///< where the size is not given either; else any number
};

constexpr HistoryDefaults kept_in_memory{100, std::chrono::hours(24), std::size_t{8} << 20};
constexpr HistoryDefaults kept_on_disk{10'000, std::chrono::hours(24 * 30), std::size_t{8} << 20};

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

  /// ServerConfig of the default namespace that something else than a file has given: settle_histories()
  /// leaves them.
  void note_given(std::string_view key) { given_.emplace("", key); }

  /// Gives histories of all namespaces the length that they have where nothing was said of it.
  void settle_histories(const HistoryDefaults& defaults);

  Namespace others;
  std::map<std::string, Namespace, std::less<>> named;

 private:
  std::set<std::pair<std::string, std::string>> given_;  // namespace and option
};

}  // namespace coroom::server
