#include "load/rooms.hpp"

#include "load/crowd.hpp"
#include "load/server_stats.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coroom::bench {
namespace {

class RoomVisits {
 public:
  RoomVisits(const RoomsSettings& settings, Crowd crowd)
      : settings_(settings), crowd_(std::move(crowd)), sent_(settings.connections) {}

  /// Sends this command for every room, and waits until all are answered. Returns the time in seconds.
  Result<double> command(char what) {
    const auto begin = BenchClock::now();
    answered_ = 0;
    sent_.assign(sent_.size(), 0);
    for (std::size_t index = 0; index != sent_.size(); ++index) {
      for (std::size_t count = 0; count != settings_.in_flight; ++count) publish_next(index, what);
    }
    auto last_progress = begin;
    while (answered_ != rooms_of_each() * sent_.size()) {
      const std::size_t seen = answered_;
      auto turned = crowd_.turn(std::chrono::milliseconds(10), [&](std::size_t index, std::string_view) {
        ++answered_;
        publish_next(index, what);
      });
      if (!turned) return tl::unexpected(turned.error());
      if (error_) return tl::unexpected(*error_);
      const auto now = BenchClock::now();
      if (answered_ != seen) last_progress = now;
      if (now - last_progress > std::chrono::seconds(10)) return failure("no answer for 10 s");
    }
    return std::chrono::duration<double>(BenchClock::now() - begin).count();
  }

  [[nodiscard]] std::size_t rooms() const { return rooms_of_each() * sent_.size(); }

 private:
  [[nodiscard]] std::size_t rooms_of_each() const { return settings_.rooms / settings_.connections; }

  void publish_next(std::size_t index, char what) {
    if (sent_[index] == rooms_of_each()) return;
    constexpr unsigned text = 1;
    const std::string name = std::to_string(index) + "." + std::to_string(sent_[index]++);
    if (auto sent = crowd_.send(index, client_frame(text, what + name)); !sent) error_ = sent.error();
  }

  const RoomsSettings& settings_;
  Crowd crowd_;
  std::vector<std::size_t> sent_;  // commands by connection
  std::size_t answered_ = 0;
  std::optional<Error> error_;
};

}  // namespace

Result<Figures> run_rooms(const RoomsSettings& settings) {
  auto crowd = Crowd::make();
  if (!crowd) return tl::unexpected(crowd.error());
  if (auto connected = crowd->connect(settings.target, settings.connections); !connected) {
    return tl::unexpected(connected.error());
  }
  RoomVisits rooms(settings, std::move(*crowd));
  const auto bytes_before = memory(settings.server);
  const auto cpu_before = cpu_seconds(settings.server);
  const auto joined = rooms.command('+');
  if (!joined) return tl::unexpected(joined.error());
  const auto bytes_after = memory(settings.server);
  const auto left = rooms.command('-');
  if (!left) return tl::unexpected(left.error());
  const auto cpu_after = cpu_seconds(settings.server);
  if (!bytes_before || !cpu_before || !bytes_after || !cpu_after) return failure("the server has ended");

  const auto count = static_cast<double>(rooms.rooms());
  return Figures{
      {"joins_per_second", count / *joined},
      {"leaves_per_second", count / *left},
      {"cpu_per_million", (*cpu_after - *cpu_before) / (2 * count) * 1e6},
      {"bytes_per_room", (static_cast<double>(*bytes_after) - static_cast<double>(*bytes_before)) / count}};
}

}  // namespace coroom::bench
