#include "limits/address_limits.hpp"

#include <algorithm>
#include <utility>

namespace coroom::detail::limits {
namespace {

namespace ip = boost::asio::ip;

constexpr std::size_t few = 1024;         // addresses; too few for a sweep
constexpr std::size_t told_at_once = 64;  // refused connections of one address that wait for their 429

}  // namespace

AddressLimits::ConnectionSlot::ConnectionSlot(AddressLimits& limits, const ip::address& address,
                                              TokenBucket::TimePoint now)
    : limits_(limits), address_(customer_of(address)), exempt_(limits.is_exempt(address)) {
  if (!exempt_) admission_ = limits_.admit(address_, now);
}

AddressLimits::ConnectionSlot::~ConnectionSlot() {
  if (!exempt_ && admission_ != Admission::flood) limits_.leave(address_, admission_);
}

bool AddressLimits::is_exempt(const ip::address& address) const {
  return any_contains(exempt_, address);
}

Rate AddressLimits::rate() const {
  return Rate::with_ten_seconds_at_once(limits_.new_a_second);
}

Admission AddressLimits::admit(const ip::address& address, TokenBucket::TimePoint now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  AddressRecord& known = known_of(address, now);
  if (limits_.connections != 0 && known.connections >= limits_.connections) return refuse(known, now);
  if (limits_.new_a_second != 0) {
    if (known.newcomers.left(rate(), now) < 1) return refuse(known, now);
    known.newcomers.take(rate(), 1, now, 0);
  }
  ++known.connections;
  return Admission::admitted;
}

std::shared_ptr<AddressQuota> AddressLimits::quota_of(const ip::address& address,
                                                      TokenBucket::TimePoint now) {
  if (is_exempt(address)) return nullptr;
  const std::lock_guard<std::mutex> lock(mutex_);
  return known_of(customer_of(address), now).quota;
}

AddressLimits::AddressRecord& AddressLimits::known_of(const ip::address& address,
                                                      TokenBucket::TimePoint now) {
  if (known_.size() >= std::max(sweep_at_, few)) sweep(now);
  return known_.try_emplace(address, rate(), limits_.quota).first->second;
}

Admission AddressLimits::refuse(AddressRecord& known, TokenBucket::TimePoint now) const {
  const bool often = limits_.new_a_second != 0 && known.refusals.left(rate(), now) < 1;
  if (often || known.refused == told_at_once) return Admission::flood;
  known.refusals.take(rate(), 1, now, 0);
  ++known.refused;
  return Admission::too_many;
}

void AddressLimits::leave(const ip::address& address, Admission admission) {
  const std::lock_guard<std::mutex> lock(mutex_);
  AddressRecord& known = known_.at(address);
  --(admission == Admission::admitted ? known.connections : known.refused);
}

/// Removes the addresses without connections whose buckets are full again: they equal new ones.
void AddressLimits::sweep(TokenBucket::TimePoint now) {
  std::erase_if(known_, [&](const auto& entry) {
    const AddressRecord& known = entry.second;
    return known.connections == 0 && known.refused == 0 && known.quota.use_count() == 1 &&
           known.quota->is_settled(now) && known.newcomers.left(rate(), now) >= rate().burst &&
           known.refusals.left(rate(), now) >= rate().burst;
  });
  sweep_at_ = 2 * known_.size();
}

std::size_t AddressLimits::size() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return known_.size();
}

}  // namespace coroom::detail::limits
