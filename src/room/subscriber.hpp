#pragma once

#include "net/shard.hpp"
#include "room/wire_format.hpp"

#include <coroom/shared_bytes.hpp>

namespace coroom::detail::room {

/// A member of a room, as seen by the room.
class Subscriber {
 public:
  Subscriber() = default;
  Subscriber(const Subscriber&) = delete;
  Subscriber& operator=(const Subscriber&) = delete;
  virtual ~Subscriber() = default;

  /// Receives encoded publications in the room's order; nullptr: memory ran out for some. Called on the
  /// subscriber's shard during an iteration over the roster. Must not wait, and must not join or leave a
  /// room.
  virtual void deliver(const SharedBytes& block) = 0;

  /// These return the subscriber's shard and wire format, which never change.
  [[nodiscard]] virtual net::Shard& home() const = 0;
  [[nodiscard]] virtual const WireFormat& format() const = 0;
};

}  // namespace coroom::detail::room
