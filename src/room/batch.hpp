#pragma once

#include "room/room_event.hpp"

#include <coroom/publication.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

namespace coroom::detail::room {

/// Events that a room handles together, in their order. The publications stand apart, one behind the other,
/// as the broker takes them.
class Batch {
 public:
  using Publications = std::vector<Publication>;

  /// Makes room for another event.
  void reserve_one();

  /// Adds an event, without an allocation after reserve_one().
  void add(RoomEvent event);

  [[nodiscard]] std::size_t size() const { return events_.size(); }

  /// Returns the publications. The broker may share them for as long as it stores them.
  [[nodiscard]] const std::shared_ptr<Publications>& publications() const { return publications_; }

  /// Gives the publications their offsets, which end at `top`.
  void number(std::uint64_t top);

  /// Calls `apply` with each event, and with the publication of an event::Publish, else nullptr.
  template <class Apply>
  void for_each(Apply apply) {
    auto next = publications_->begin();
    for (RoomEvent& event : events_)
      apply(event, std::holds_alternative<event::Publish>(event) ? &*next++ : nullptr);
  }

 private:
  std::vector<RoomEvent> events_;
  std::shared_ptr<Publications> publications_ = std::make_shared<Publications>();
};

}  // namespace coroom::detail::room
