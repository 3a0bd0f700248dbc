#pragma once

#include <coroom/framing.hpp>
#include <coroom/publication.hpp>

namespace coroom::detail::room {

/// How a member is written to. Members with equal encodings share their blocks.
struct Encoding {
  explicit Encoding(const Encoder& by, const Framing& as = {}) : encoder(&by), framing(as) {}
  bool operator==(const Encoding&) const = default;

  const Encoder* encoder;
  Framing framing;
};

}  // namespace coroom::detail::room
