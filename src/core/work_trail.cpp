#include "core/work_trail.hpp"

#include "core/utf8.hpp"

#include <algorithm>

namespace coroom::detail {
namespace {

std::string_view name_of(WorkKind kind) {
  switch (kind) {
    case WorkKind::accept:
      return "accept";
    case WorkKind::tls_handshake:
      return "tls handshake";
    case WorkKind::http_request:
      return "http request";
    case WorkKind::message:
      return "message";
    case WorkKind::room:
      return "room";
    case WorkKind::delivery:
      return "delivery of room";
  }
  return "";
}

}  // namespace

WorkTrail& WorkTrail::of_this_thread() {
  thread_local constinit WorkTrail trail;
  return trail;
}

void WorkTrail::add(WorkKind kind, std::string_view room) {
  Step& step = next(kind);
  step.connection = 0;
  step.name_size = static_cast<std::uint8_t>(std::min(room.size(), longest_name));
  std::copy_n(room.begin(), step.name_size, step.name.begin());
}

std::string WorkTrail::text_of(const Step& step) {
  std::string text(name_of(step.kind));
  if (step.connection != 0) text += " of connection " + std::to_string(step.connection);
  std::string_view name(step.name.data(), step.name_size);
  while (!is_utf8(name)) name.remove_suffix(1);  // cut inside a character
  if (!name.empty()) text.append(" ").append(name);
  return text;
}

std::string WorkTrail::text() const {
  std::string text;
  std::string last;
  for (std::size_t index = count_ - std::min(count_, most_steps); index != count_; ++index) {
    std::string step = text_of(steps_[index % most_steps]);
    if (step == last) continue;
    if (!text.empty()) text += ", ";
    text += step;
    last = std::move(step);
  }
  return text;
}

}  // namespace coroom::detail
