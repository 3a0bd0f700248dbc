#include "room/history_ring.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace coroom::room {

void HistoryRing::append(std::shared_ptr<Publication> publication, std::size_t size) {
  publication->offset = ++top_;
  publications_.push_back(std::move(publication));
  forget_all_but(size);
}

std::vector<HistoryRing::Shared> HistoryRing::read(const HistoryFilter& filter) const {
  auto first = publications_.begin();
  auto last = publications_.end();
  const auto up_to = [this](std::uint64_t offset) {
    return std::ranges::upper_bound(publications_, offset, {}, [](const Shared& one) { return one->offset; });
  };
  if (filter.reverse) {
    if (filter.since && *filter.since <= top_) last = up_to(*filter.since == 0 ? 0 : *filter.since - 1);
    const auto kept = static_cast<std::size_t>(last - first);
    first = last - static_cast<std::ptrdiff_t>(std::min(filter.limit, kept));
    return {std::make_reverse_iterator(last), std::make_reverse_iterator(first)};
  }
  if (filter.since) first = up_to(*filter.since);
  const auto kept = static_cast<std::size_t>(last - first);
  return {first, first + static_cast<std::ptrdiff_t>(std::min(filter.limit, kept))};
}

void HistoryRing::forget_all_but(std::size_t size) {
  while (publications_.size() > size) publications_.pop_front();
}

std::size_t HistoryRing::forget_before(Clock::TimePoint oldest, std::size_t most) {
  std::size_t gone = 0;
  while (gone != most && !publications_.empty() && publications_.front()->time < oldest) {
    publications_.pop_front();
    ++gone;
  }
  return gone;
}

}  // namespace coroom::room
