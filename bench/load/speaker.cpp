#include "load/speaker.hpp"

#include "load/centrifuge.hpp"

#include <chrono>
#include <utility>

namespace coroom::bench {

Result<Speaker> Speaker::join(const LoadTarget& target, std::string room) {
  auto crowd = Crowd::make();
  if (!crowd) return tl::unexpected(crowd.error());
  if (auto connected = crowd->connect(target, 1); !connected) return tl::unexpected(connected.error());
  Speaker speaker(std::move(*crowd), std::move(room));
  speaker.said_ = centrifuge::joining_commands;
  auto sent = speaker.crowd_.send(0, centrifuge::join(speaker.room_));
  if (!sent) return tl::unexpected(sent.error());
  return speaker;
}

Result<> Speaker::say(std::size_t count, std::size_t bytes) {
  const std::string text(bytes, '.');
  std::string frames;
  for (std::size_t index = 0; index != count; ++index) frames += centrifuge::publish(++said_, room_, text);
  return crowd_.send(0, frames);
}

Result<> Speaker::turn() {
  Result<> taken;
  auto turned = crowd_.turn(std::chrono::milliseconds(0), [&](std::size_t, std::string_view heard) {
    if (taken && !centrifuge::is_push(heard)) taken = take(heard);
  });
  return turned ? taken : turned;
}

Result<> Speaker::take(std::string_view heard) {
  if (centrifuge::is_ping(heard)) return crowd_.send(0, centrifuge::pong());
  return centrifuge::each_line(heard, [this](std::string_view line) -> Result<> {
    const auto id = centrifuge::done(line);
    if (!id) return tl::unexpected(id.error());
    answered_ = *id;
    return {};
  });
}

}  // namespace coroom::bench
