#pragma once

#include "net/shard.hpp"
#include "room/wire_format.hpp"

#include <coroom/shared_bytes.hpp>

namespace coroom::detail::room {

/// A member of a room as the room knows it.
class Subscriber {
 public:
  Subscriber() = default;
  Subscriber(const Subscriber&) = delete;
  Subscriber& operator=(const Subscriber&) = delete;
  virtual ~Subscriber() = default;

  /// Takes encoded publications, in the room's order; nullptr: there was no memory for some. Comes on the
  /// subscriber's shard, while the roster is walked: it must neither wait nor enter or leave a room.
  virtual void deliver(const SharedBytes& block) = 0;

  /// Where it lives, and how it wants publications written. Neither changes.
  [[nodiscard]] virtual net::Shard& home() const = 0;
  [[nodiscard]] virtual const WireFormat& format() const = 0;
};

}  // namespace coroom::detail::room
