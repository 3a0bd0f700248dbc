#pragma once

#include <coroom/error.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The Centrifuge protocol of the load generator, as JSON. It sends one command in a frame, except for the
/// first two, which share a frame as in a real client.
namespace coroom::bench::centrifuge {

/// The number of commands before the first publication, connect and subscribe. Ids continue from there.
constexpr std::uint64_t joining_commands = 2;

/// A position in the history of a room.
struct StreamPosition {
  std::uint64_t offset = 0;
  std::string epoch;
};

/// Returns the frame that connects and subscribes. With `since` the server also sends the publications after
/// that position. `filter` is the key of a tag filter that
/// matches publications without this tag.
std::string join(std::string_view room, const std::optional<StreamPosition>& since = std::nullopt,
                 std::string_view filter = {});

/// Returns the frame that publishes a text. Its letters must need no escapes.
std::string publish(std::uint64_t id, std::string_view room, std::string_view text);

/// Returns the frame that answers a ping.
std::string pong();

inline bool is_ping(std::string_view received) {
  return received == "{}";
}

inline bool is_push(std::string_view received) {
  return received.starts_with(R"({"push":)");
}

/// Returns the id of a successful reply; else an error.
Result<std::uint64_t> done(std::string_view reply);

/// Calls `on_line(line)`, which returns a Result<>, for every line of a frame that is neither a push nor a
/// ping. A frame may hold several replies.
template <class OnLine>
Result<> each_line(std::string_view received, OnLine&& on_line) {
  while (!received.empty()) {
    const std::string_view line = received.substr(0, received.find('\n'));
    if (auto taken = on_line(line); !taken) return taken;
    received.remove_prefix(std::min(line.size() + 1, received.size()));
  }
  return {};
}

}  // namespace coroom::bench::centrifuge
