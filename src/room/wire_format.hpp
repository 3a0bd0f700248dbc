#pragma once

#include <coroom/framing.hpp>
#include <coroom/publication.hpp>

namespace coroom::detail::room {

/// The wire format of a member's publications. Members with equal formats share their blocks.
struct WireFormat {
  explicit WireFormat(const Encoder& by, const Framing& as = {}) : encoder(&by), framing(as) {}
  bool operator==(const WireFormat&) const = default;

  const Encoder* encoder;
  Framing framing;
};

}  // namespace coroom::detail::room
