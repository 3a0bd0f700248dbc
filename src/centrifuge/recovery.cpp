#include "centrifuge/recovery.hpp"

#include <algorithm>
#include <utility>

namespace coroom::detail::centrifuge {

bool may_recover(const Position& since, const Position& top) {
  const bool same_life = since.epoch.empty() || since.epoch == top.epoch;
  return same_life && since.offset <= top.offset && top.offset - since.offset <= recovery_limit;
}

std::optional<std::vector<Publication>> missed(const Position& since, const Position& top,
                                               std::vector<Publication> given) {
  if (!may_recover(since, top)) return std::nullopt;
  const auto behind = std::ranges::find_if(
      given, [&top](const Publication& publication) { return publication.offset > top.offset; });
  given.erase(behind, given.end());
  const bool whole = given.size() == top.offset - since.offset &&
                     (given.empty() || given.front().offset == since.offset + 1);
  if (!whole) return std::nullopt;
  return given;
}

}  // namespace coroom::detail::centrifuge
