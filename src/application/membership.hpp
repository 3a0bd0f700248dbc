#pragma once

#include "room/membership_guard.hpp"
#include "room/subscriber.hpp"

#include <coroom/error.hpp>
#include <coroom/publication.hpp>
#include <coroom/room.hpp>
#include <coroom/shared_bytes.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace coroom {

namespace detail::application {

/// Whether members may be sent it: clients end a connection whose text is not UTF-8 (RFC 6455 section 8.1),
/// and what is no JSON would break the frames of the Centrifuge protocol. JSON is put in one line.
Result<> check(Publication& publication);

}  // namespace detail::application

/// A member of a room, who may hold back what is delivered until its owner listens. What carries it to the
/// client is for others to say.
class Membership::Impl : public detail::room::Subscriber {
 public:
  /// `held`: what comes is held back at first.
  Impl(detail::net::Shard& home, const detail::room::WireFormat& format, bool held);

  void deliver(const SharedBytes& block) final;
  void listen();

  [[nodiscard]] detail::net::Shard& home() const final { return home_; }
  [[nodiscard]] const detail::room::WireFormat& format() const final { return format_; }

 private:
  void push_or_hold(const SharedBytes& block);

  /// To the client.
  virtual void push(const SharedBytes& block) = 0;

  /// More was to be held back than may be.
  virtual void overflow() = 0;

  /// So much more, or less, is held back.
  virtual void note_held(std::ptrdiff_t /*bytes*/) {}

  std::vector<SharedBytes> release_held();

  detail::net::Shard& home_;
  detail::room::WireFormat format_;
  bool holds_;  // as long as its owner does not listen
  std::size_t held_bytes_ = 0;
  std::vector<SharedBytes> held_;

 public:
  std::unique_ptr<detail::room::MembershipGuard> membership;  // last: giving it up needs all the others
};

}  // namespace coroom
