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

/// Fails if members must not get the publication. Clients end a connection whose text is not UTF-8 (RFC 6455
/// section 8.1), and invalid JSON would break the frames of the Centrifuge protocol. Puts JSON in one line.
Result<> check(Publication& publication);

}  // namespace detail::application

/// A member of a room that can hold publications back until its owner listens. Derived classes send them to
/// the client.
class Membership::Impl : public detail::room::Subscriber {
 public:
  /// `paused`: deliveries wait for resume().
  Impl(detail::net::Shard& home, detail::room::WireFormat format, bool paused);

  void deliver(const SharedBytes& block) final;
  void resume();

  [[nodiscard]] detail::net::Shard& home() const final { return home_; }
  [[nodiscard]] const detail::room::WireFormat& format() const final { return format_; }

 private:
  void push_or_hold(const SharedBytes& block);

  /// Sends a block to the client.
  virtual void push(const SharedBytes& block) = 0;

  /// Called when the held publications exceed the limit, or memory runs out.
  virtual void overflow() = 0;

  /// Called when the bytes held back change by this number.
  virtual void note_held(std::ptrdiff_t /*bytes*/) {}

  std::vector<SharedBytes> release_held();

  detail::net::Shard& home_;
  detail::room::WireFormat format_;
  bool paused_;
  std::size_t held_bytes_ = 0;
  std::vector<SharedBytes> held_;

 public:
  std::unique_ptr<detail::room::MembershipGuard> membership;  // last: its destructor needs the others
};

}  // namespace coroom
