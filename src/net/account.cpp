#include "net/account.hpp"

namespace coroom::net {

bool Account::take(std::size_t messages, std::size_t bytes, TokenBucket::TimePoint now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return meter_.has_left(now) && meter_.take(messages, bytes, now) == Pace::fine;
}

bool Account::take_bytes(std::size_t bytes, TokenBucket::TimePoint now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return meter_.take_bytes(bytes, now) == Pace::fine;
}

bool Account::open_room() {
  if (++rooms_ <= limits_.rooms || limits_.rooms == 0) return true;
  --rooms_;
  return false;
}

bool Account::is_settled(TokenBucket::TimePoint now) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return rooms_ == 0 && meter_.is_full(now);
}

}  // namespace coroom::net
