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

/// One format, shared by its members and their blocks.
using SharedWireFormat = std::shared_ptr<const WireFormat>;

/// Returns a format. Calls of one thread return the same object for as long as a member uses it, if few
/// formats are in use.
[[nodiscard]] SharedWireFormat share_wire_format(const std::shared_ptr<const Encoder>& encoder,
                                                 const Framing& framing = {});

/// Returns whether the formats are equal; they may be different objects.
[[nodiscard]] inline bool are_equal(const SharedWireFormat& left, const SharedWireFormat& right) {
  return left == right || *left == *right;
}

}  // namespace coroom::detail::room
