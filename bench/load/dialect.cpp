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

Dialect Dialect::centrifuge_protobuf(std::string room) {
  Dialect dialect;
  dialect.push_head_ = protobuf::field(2, room);
  dialect.room_ = std::move(room);
  dialect.protobuf_ = true;
  return dialect;
}

Dialect Dialect::with_filters(std::size_t filters) const {
  Dialect dialect = *this;
  dialect.filters_ = filters;
  return dialect;
}

std::string Dialect::greeting(std::size_t member) const {
  if (room_.empty()) return {};
  const std::string filter = filters_ == 0 ? std::string() : "k" + std::to_string(member % filters_);
  return protobuf_ ? protobuf::join(room_, filter) : centrifuge::join(room_, std::nullopt, filter);
}

bool Dialect::completes_join(std::string_view received) const {
  if (protobuf_) {
    return !protobuf::is_push(received) &&
           protobuf::done(received).value_or(0) == centrifuge::joining_commands;
  }
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
  if (protobuf_) return protobuf::publish(centrifuge::joining_commands + 1, room_, message);
  // The replies are not matched, so all publications may have one id.
  return centrifuge::publish(centrifuge::joining_commands + 1, room_, message);
}

Result<std::string> Dialect::answer_to(std::string_view received) const {
  if (protobuf_) {
    if (protobuf::is_push(received)) return {};
    const auto id = protobuf::done(received);
    if (!id) return tl::unexpected(id.error());
    return *id == 0 ? protobuf::pong() : std::string();
  }
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
