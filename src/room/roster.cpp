#include "room/roster.hpp"

#include "room/member.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

namespace coroom::detail::room {

template <class Groups>
auto Roster::find(Groups& groups, const SharedWireFormat& format) {
  return std::ranges::find_if(groups, [&](const Group& group) { return are_equal(group.format, format); });
}

void Roster::add(Member& member) {
  auto group = find(groups_, member.format());
  if (group == groups_.end()) group = groups_.insert(groups_.end(), Group{member.format(), {}});
  member.roster_index_ = static_cast<std::uint32_t>(group->members.size());
  group->members.push_back(&member);
}

void Roster::remove(const Member& member) {
  const auto group = find(groups_, member.format());
  auto& members = group->members;
  members[member.roster_index_] = members.back();
  members[member.roster_index_]->roster_index_ = member.roster_index_;
  members.pop_back();
  if (members.empty()) groups_.erase(group);
}

std::size_t Roster::deliver(const SharedWireFormat& format, const SharedBytes& block) const {
  const auto group = find(groups_, format);
  if (group == groups_.end()) return 0;
  for (Member* member : group->members) member->deliver(block);
  return group->members.size();
}

std::size_t Roster::size() const {
  return std::transform_reduce(groups_.begin(), groups_.end(), std::size_t{0}, std::plus<>(),
                               [](const Group& group) { return group.members.size(); });
}

}  // namespace coroom::detail::room
