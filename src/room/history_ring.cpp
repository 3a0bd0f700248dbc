#include "room/history_ring.hpp"

#include "limits/tags_size.hpp"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <utility>

namespace coroom::detail::room {
namespace {

/// Returns the bytes of the data, of the client info and of the tags.
std::size_t size_of(const Publication& publication) {
  const std::size_t client_info = publication.client_info ? publication.client_info->conn_info.size() +
                                                                publication.client_info->chan_info.size()
                                                          : 0;
  return publication.data.size() + client_info + limits::text_size(publication.tags.get());
}

// A publication, its control block and its entry in the ring.
constexpr std::size_t overhead = sizeof(Publication) + 64;

// The tree of a publication's tags, and each of its nodes: two strings, the links and the allocation.
constexpr std::size_t overhead_of_tags = sizeof(Tags) + 32;
constexpr std::size_t overhead_of_tag = sizeof(Tags::value_type) + 48;

/// Returns the approximate memory of a publication. Publications that share their tags each count them.
std::size_t memory_of(const Publication& publication) {
  const Tags* tags = publication.tags.get();
  return size_of(publication) + overhead +
         (tags == nullptr ? 0 : overhead_of_tags + tags->size() * overhead_of_tag);
}

/// Returns publications from the front of a range, up to the limits of the filter.
std::vector<HistoryRing::SharedPublication> taken(const auto& range, const HistoryFilter& filter) {
  std::vector<HistoryRing::SharedPublication> all;
  std::size_t bytes = 0;
  for (const HistoryRing::SharedPublication& one : range) {
    bytes += size_of(*one);
    if (all.size() == filter.limit || (bytes > filter.bytes && !all.empty())) break;
    all.push_back(one);
  }
  return all;
}

}  // namespace

void HistoryRing::append(std::shared_ptr<Publication> publication, std::size_t size, std::size_t bytes) {
  Publication& kept = *publication;
  publications_.push_back(std::move(publication));
  kept.offset = ++top_;  // after push_back(), which may throw
  try {
    if (kept.revision) revise(kept);
  } catch (...) {  // out of memory
    kept.offset = 0;
    --top_;
    publications_.pop_back();
    throw;
  }
  bytes_ += memory_of(kept);
  content_ += size_of(kept);
  forget_all_but(size);
  while (bytes != 0 && content_ > bytes && publications_.size() > 1) pop_front();
}

void HistoryRing::revise(Publication& by) {
  const auto revision = std::exchange(by.revision, nullptr);
  if (publications_.empty() || revision->offset < publications_.front()->offset || revision->offset >= top_)
    return;
  Revised& target = revised_[revision->offset];
  if (target.final) {
    by.data = revision->superseded;
    return;
  }
  if (target.by != 0) replace_data(target.by, revision->superseded);
  replace_data(revision->offset, revision->data);
  target = {by.offset, revision->is_final};
}

/// Replaces the data in a copy of the publication, since readers may share the old one.
void HistoryRing::replace_data(std::uint64_t offset, std::string data) {
  if (offset < publications_.front()->offset) return;
  SharedPublication& place = publications_[offset - publications_.front()->offset];
  auto copy = std::make_shared<Publication>(*place);
  copy->data = std::move(data);
  bytes_ += copy->data.size() - place->data.size();  // a negative difference wraps around; the sum is right
  content_ += copy->data.size() - place->data.size();
  place = std::move(copy);
}

std::vector<HistoryRing::SharedPublication> HistoryRing::read(const HistoryFilter& filter,
                                                              Clock::TimePoint oldest) const {
  auto first =
      std::ranges::find_if(publications_, [&](const SharedPublication& one) { return one->time >= oldest; });
  auto last = publications_.end();
  const auto up_to = [this](std::uint64_t offset) {
    return std::ranges::upper_bound(publications_, offset, {},
                                    [](const SharedPublication& one) { return one->offset; });
  };
  if (filter.reverse) {
    if (filter.since && *filter.since <= top_)
      last = std::max(first, up_to(*filter.since == 0 ? 0 : *filter.since - 1));
    return taken(std::ranges::subrange(std::make_reverse_iterator(last), std::make_reverse_iterator(first)),
                 filter);
  }
  if (filter.since) first = std::max(first, up_to(*filter.since));
  return taken(std::ranges::subrange(first, last), filter);
}

void HistoryRing::forget_all_but(std::size_t size) {
  while (publications_.size() > size) pop_front();
}

std::size_t HistoryRing::trim_to(std::size_t bytes) {
  while (bytes_ > bytes) pop_front();
  return bytes_;
}

void HistoryRing::pop_front() {
  bytes_ -= memory_of(*publications_.front());
  content_ -= size_of(*publications_.front());
  if (!revised_.empty()) revised_.erase(publications_.front()->offset);
  publications_.pop_front();
}

std::size_t HistoryRing::forget_before(Clock::TimePoint oldest, std::size_t most) {
  std::size_t gone = 0;
  while (gone != most && !publications_.empty() && publications_.front()->time < oldest) {
    pop_front();
    ++gone;
  }
  return gone;
}

}  // namespace coroom::detail::room
