#include "http/body.hpp"

#include <algorithm>

namespace coroom::detail::http {

BodyMemory::~BodyMemory() {
  all_.give_back(counted_);
  if (quota_) quota_->bodies().give_back(counted_);
}

BodyMemory::Verdict BodyMemory::grow_to(std::size_t bytes) {
  if (bytes <= uncounted || bytes <= counted_) return Verdict::granted;
  const std::size_t more = bytes - counted_;
  if (quota_ && !quota_->bodies().take(more)) return Verdict::address_full;
  if (!all_.take(more)) {
    if (quota_) quota_->bodies().give_back(more);
    return Verdict::server_full;
  }
  counted_ = bytes;
  return Verdict::granted;
}

bool IncomingBody::value_type::take(std::string_view part) {
  received_ += part.size();
  if (memory_ == nullptr) return true;
  const std::size_t size = bytes_.size() + part.size();
  if (size > bytes_.capacity()) {
    const std::size_t capacity = std::max(size, std::min(2 * bytes_.capacity(), limit_));
    verdict_ = memory_->grow_to(capacity);
    if (verdict_ != BodyMemory::Verdict::granted) return false;
    bytes_.reserve(capacity);
  }
  bytes_.append(part);
  return true;
}

}  // namespace coroom::detail::http
