#include "room/roster.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

namespace coroom::detail::room {

void Roster::add(RosterSlot& slot) {
  const WireFormat& format = slot.subscriber.format();
  auto group = std::ranges::find(groups_, format, &Group::format);
  if (group == groups_.end()) group = groups_.insert(groups_.end(), Group{format, {}});
  slot.position = group->slots.size();
  group->slots.push_back(&slot);
}

void Roster::remove(const RosterSlot& slot) {
  const auto group = std::ranges::find(groups_, slot.subscriber.format(), &Group::format);
  auto& slots = group->slots;
  slots[slot.position] = slots.back();
  slots[slot.position]->position = slot.position;
  slots.pop_back();
  if (slots.empty()) groups_.erase(group);
}

std::size_t Roster::deliver(const WireFormat& format, const SharedBytes& block) const {
  const auto group = std::ranges::find(groups_, format, &Group::format);
  if (group == groups_.end()) return 0;
  for (const RosterSlot* slot : group->slots) slot->subscriber.deliver(block);
  return group->slots.size();
}

std::size_t Roster::size() const {
  return std::transform_reduce(groups_.begin(), groups_.end(), std::size_t{0}, std::plus<>(),
                               [](const Group& group) { return group.slots.size(); });
}

}  // namespace coroom::detail::room
