#include "room/batch.hpp"

#include <algorithm>
#include <utility>

namespace coroom::detail::room {
namespace {

constexpr std::size_t few = 8;  // events

template <class T>
void grow(std::vector<T>& items) {
  if (items.size() == items.capacity()) items.reserve(std::max(few, 2 * items.capacity()));
}

}  // namespace

void Batch::reserve_one() {
  grow(events_);
  grow(*publications_);
}

void Batch::add(RoomEvent event) {
  if (auto* publish = std::get_if<event::Publish>(&event))
    publications_->push_back(std::move(publish->publication));
  events_.push_back(std::move(event));
}

void Batch::number(std::uint64_t top) {
  // A broker may still read the publications.
  if (publications_.use_count() > 1) publications_ = std::make_shared<Publications>(*publications_);
  std::uint64_t offset = top - publications_->size();
  for (Publication& publication : *publications_) publication.offset = ++offset;
}

}  // namespace coroom::detail::room
