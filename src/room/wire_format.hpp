#pragma once

#include <coroom/framing.hpp>
#include <coroom/publication.hpp>

#include <memory>

namespace coroom::detail::room {

/// The form in which a member gets publications. Members with equal formats share their blocks.
struct WireFormat {
  std::shared_ptr<const Encoder> encoder;
  Framing framing = {};

  bool operator==(const WireFormat&) const = default;
};

}  // namespace coroom::detail::room
