#pragma once

#include <coroom/error.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What the load generator says and hears in the Centrifuge protocol, as JSON: one command a frame, but for
/// the first two, which go together as a real client's do.
namespace coroom::bench::centrifuge {

/// Of the replies to connect and subscribe; what is published has the ids from there on.
constexpr std::uint64_t joining_commands = 2;

/// A place in the history of a room.
struct Position {
  std::uint64_t offset = 0;
  std::string epoch;
};

/// The frame that connects and subscribes; behind `since`, where there is one, the server sends what was
/// missed.
std::string join(std::string_view room, const std::optional<Position>& since = std::nullopt);

/// The frame that publishes a text, whose letters need no escapes.
std::string publish(std::uint64_t id, std::string_view room, std::string_view text);

/// The frame that answers a ping.
std::string pong();

inline bool is_ping(std::string_view heard) {
  return heard == "{}";
}

inline bool is_push(std::string_view heard) {
  return heard.starts_with(R"({"push":)");
}

/// The id of a reply, which says that all went well; else an error.
Result<std::uint64_t> done(std::string_view reply);

/// Calls `on_line(line)`, which gives a Result<>, for every line of what is neither a push nor a ping:
/// replies may come several in a frame.
template <class OnLine>
Result<> each_line(std::string_view heard, OnLine&& on_line) {
  while (!heard.empty()) {
    const std::string_view line = heard.substr(0, heard.find('\n'));
    if (auto taken = on_line(line); !taken) return taken;
    heard.remove_prefix(std::min(line.size() + 1, heard.size()));
  }
  return {};
}

}  // namespace coroom::bench::centrifuge
