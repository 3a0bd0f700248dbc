#include "centrifuge/recovery.hpp"

#include <algorithm>
#include <utility>

namespace coroom::detail::centrifuge {

Recovered before_recovery(const SubscribeRequest& request, const RoomRules& rules, bool keeps_history) {
  Recovered state;
  state.was_recovering = request.recover;
  state.recoverable = keeps_history && (rules.force_recovery || request.recoverable || request.recover);
  state.positioned = keeps_history && (state.recoverable || rules.force_positioning || request.positioned);
  return state;
}

bool may_recover(const Position& since, const Position& top) {
  const bool is_same_epoch = since.epoch.empty() || since.epoch == top.epoch;
  return is_same_epoch && since.offset <= top.offset && top.offset - since.offset <= recovery_limit;
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

void recover_from(History read, const Position& since, Recovered& state) {
  if (read.top.epoch != state.position.epoch) read.publications.clear();
  auto all = missed(since, state.position, std::move(read.publications));
  if (!all) return;
  state.recovered = true;
  state.position.offset = since.offset;
  state.publications = std::move(*all);
}

bool is_without_position(const Position& since) {
  return since.offset == 0 && since.epoch.empty();
}

void recover_newest(History read, Recovered& state) {
  const bool has_newest = read.top.epoch == state.position.epoch && !read.publications.empty() &&
                          read.publications.front().offset == state.position.offset;
  if (!has_newest) return;
  state.recovered = true;
  read.publications.resize(1);  // the history may have grown since the join
  state.publications = std::move(read.publications);
}

void keep_matching(const TagFilter& filter, const Position& top, Recovered& state) {
  std::erase_if(state.publications, [&filter](const Publication& publication) {
    return !filter.matches(publication.tags.get());
  });
  state.position.offset = top.offset;
}

bool must_fail(const SubscribeRequest& request, const Recovered& state) {
  constexpr std::uint64_t fail_unless_recovered = 2;
  return request.recover && !state.recovered && (request.flag & fail_unless_recovered) != 0;
}

}  // namespace coroom::detail::centrifuge
