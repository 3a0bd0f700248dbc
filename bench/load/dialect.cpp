#include "load/dialect.hpp"

#include "load/centrifuge.hpp"
#include "load/connection.hpp"

#include <tuple>
#include <utility>

namespace coroom::bench {

Dialect Dialect::plain() {
  return {};
}

Dialect Dialect::centrifuge(std::string room) {
  Dialect dialect;
  dialect.push_head_ = R"({"push":{"channel":")" + room + R"(","pub":{"data":")";
  dialect.room_ = std::move(room);
  return dialect;
}

std::string Dialect::greeting() const {
  return room_.empty() ? std::string() : centrifuge::join(room_);
}

bool Dialect::completes_join(std::string_view received) const {
  if (room_.empty() || centrifuge::is_push(received) || centrifuge::is_ping(received)) return false;
  bool complete = false;
  std::ignore = centrifuge::each_line(received, [&complete](std::string_view line) -> Result<> {
    complete = complete || centrifuge::done(line).value_or(0) == centrifuge::joining_commands;
    return {};
  });
  return complete;
}

std::string Dialect::frame(std::string_view message) const {
  constexpr unsigned text_opcode = 1;
  if (room_.empty()) return client_frame(text_opcode, message);
  // The replies are not matched, so all publications may have one id.
  return centrifuge::publish(centrifuge::joining_commands + 1, room_, message);
}

Result<std::string> Dialect::answer_to(std::string_view received) const {
  if (room_.empty() || centrifuge::is_push(received)) return {};
  if (centrifuge::is_ping(received)) return centrifuge::pong();
  auto all_done = centrifuge::each_line(received, [](std::string_view line) -> Result<> {
    const auto id = centrifuge::done(line);
    return id ? Result<>() : tl::unexpected(id.error());
  });
  if (!all_done) return tl::unexpected(all_done.error());
  return {};
}

}  // namespace coroom::bench
