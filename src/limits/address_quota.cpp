#include "limits/address_quota.hpp"

namespace coroom::detail::limits {
namespace {

constexpr double most_owed = 6;  // times the burst, that is, a minute's worth

}  // namespace

bool AddressQuota::Debts::are_paid(TokenBucket::TimePoint now) const {
  return rate.per_second == 0 || bucket.left(rate, now) > 0;
}

bool AddressQuota::Debts::is_full(TokenBucket::TimePoint now) const {
  return rate.per_second == 0 || bucket.left(rate, now) >= rate.burst;
}

void AddressQuota::Debts::pay(std::size_t amount, TokenBucket::TimePoint now) {
  if (rate.per_second != 0) bucket.take(rate, static_cast<double>(amount), now, most_owed * rate.burst);
}

bool AddressQuota::take(std::size_t messages, std::size_t bytes, TokenBucket::TimePoint now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return deliveries_.are_paid(now) && meter_.has_left(limits_.rate, now) &&
         meter_.take(limits_.rate, messages, bytes, now) == RateVerdict::ok;
}

bool AddressQuota::may_be_replied_to(TokenBucket::TimePoint now) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return replies_.are_paid(now);
}

void AddressQuota::pay_for_reply(std::size_t bytes, TokenBucket::TimePoint now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  replies_.pay(bytes, now);
}

void AddressQuota::pay_for_deliveries(std::size_t messages, TokenBucket::TimePoint now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  deliveries_.pay(messages, now);
}

bool AddressQuota::take_bytes(std::size_t bytes, TokenBucket::TimePoint now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return meter_.take_bytes(limits_.rate, bytes, now) == RateVerdict::ok;
}

bool AddressQuota::publish(std::size_t bytes, TokenBucket::TimePoint now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return published_.try_take(limits_.published, static_cast<double>(bytes), now);
}

bool AddressQuota::announce(double cost, TokenBucket::TimePoint now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return announced_.try_take(limits_.announced, cost, now);
}

bool AddressQuota::open_room() {
  if (++rooms_ <= limits_.rooms || limits_.rooms == 0) return true;
  --rooms_;
  return false;
}

bool AddressQuota::is_settled(TokenBucket::TimePoint now) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return rooms_ == 0 && meter_.is_full(limits_.rate, now) && replies_.is_full(now) &&
         deliveries_.is_full(now) && published_.is_full(limits_.published, now) &&
         announced_.is_full(limits_.announced, now);
}

}  // namespace coroom::detail::limits
