#include "load/burst_publisher.hpp"

#include "load/centrifuge.hpp"

#include <chrono>
#include <utility>

namespace coroom::bench {

Result<BurstPublisher> BurstPublisher::join(const LoadTarget& target, std::string room) {
  auto crowd = Crowd::make();
  if (!crowd) return tl::unexpected(crowd.error());
  if (auto connected = crowd->connect(target, 1); !connected) return tl::unexpected(connected.error());
  BurstPublisher publisher(std::move(*crowd), std::move(room));
  publisher.sent_ = centrifuge::joining_commands;
  auto sent = publisher.crowd_.send(0, centrifuge::join(publisher.room_));
  if (!sent) return tl::unexpected(sent.error());
  return publisher;
}

Result<> BurstPublisher::publish(std::size_t count, std::size_t bytes) {
  const std::string text(bytes, '.');
  std::string frames;
  for (std::size_t index = 0; index != count; ++index) frames += centrifuge::publish(++sent_, room_, text);
  return crowd_.send(0, frames);
}

Result<> BurstPublisher::turn() {
  Result<> taken;
  auto turned = crowd_.turn(std::chrono::milliseconds(0), [&](std::size_t, std::string_view received) {
    if (taken && !centrifuge::is_push(received)) taken = take(received);
  });
  return turned ? taken : turned;
}

Result<> BurstPublisher::take(std::string_view received) {
  if (centrifuge::is_ping(received)) return crowd_.send(0, centrifuge::pong());
  return centrifuge::each_line(received, [this](std::string_view line) -> Result<> {
    const auto id = centrifuge::done(line);
    if (!id) return tl::unexpected(id.error());
    answered_ = *id;
    return {};
  });
}

}  // namespace coroom::bench
