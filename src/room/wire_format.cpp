#include "room/wire_format.hpp"

#include <array>
#include <cstddef>

namespace coroom::detail::room {
namespace {

constexpr std::size_t most_recent = 8;  // formats

}  // namespace

SharedWireFormat share_wire_format(const std::shared_ptr<const Encoder>& encoder, const Framing& framing) {
  thread_local std::array<std::weak_ptr<const WireFormat>, most_recent> recent;
  thread_local std::size_t oldest = 0;
  for (const auto& known : recent) {
    SharedWireFormat format = known.lock();
    if (format && format->encoder == encoder && format->framing == framing) return format;
  }
  auto format = std::make_shared<const WireFormat>(WireFormat{encoder, framing});
  recent[oldest] = format;
  oldest = (oldest + 1) % recent.size();
  return format;
}

}  // namespace coroom::detail::room
