#include "room/roster.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

namespace coroom::detail::room {

void Roster::add(Place& place) {
  const Encoding& encoding = place.subscriber.encoding();
  auto group = std::ranges::find(groups_, encoding, &Group::encoding);
  if (group == groups_.end()) group = groups_.insert(groups_.end(), Group{encoding, {}});
  place.position = group->places.size();
  group->places.push_back(&place);
}

void Roster::remove(const Place& place) {
  const auto group = std::ranges::find(groups_, place.subscriber.encoding(), &Group::encoding);
  auto& places = group->places;
  places[place.position] = places.back();
  places[place.position]->position = place.position;
  places.pop_back();
  if (places.empty()) groups_.erase(group);
}

std::size_t Roster::deliver(const Encoding& encoding, const SharedBytes& block) const {
  const auto group = std::ranges::find(groups_, encoding, &Group::encoding);
  if (group == groups_.end()) return 0;
  for (const Place* place : group->places) place->subscriber.deliver(block);
  return group->places.size();
}

std::size_t Roster::size() const {
  return std::transform_reduce(groups_.begin(), groups_.end(), std::size_t{0}, std::plus<>(),
                               [](const Group& group) { return group.places.size(); });
}

}  // namespace coroom::detail::room
