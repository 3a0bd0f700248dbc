#include "centrifuge/subscriptions.hpp"

#include <algorithm>
#include <utility>

namespace coroom::detail::centrifuge {
namespace {

ExpiryTime expiry_of(const Subscription& subscription) {
  return subscription.grant ? subscription.grant->expires : std::nullopt;
}

}  // namespace

Subscription* Subscriptions::find(std::string_view channel) {
  const auto found = by_channel_.find(channel);
  return found == by_channel_.end() ? nullptr : &found->second;
}

void Subscriptions::add(std::string channel, Subscription subscription) {
  by_channel_.emplace(std::move(channel), std::move(subscription));
}

bool Subscriptions::remove(std::string_view channel) {
  const auto found = by_channel_.find(channel);
  if (found == by_channel_.end()) return false;
  by_channel_.erase(found);
  return true;
}

Subscriptions::ByChannel::const_iterator Subscriptions::first_to_expire() const {
  const auto sooner = [](const auto& left, const auto& right) {
    const ExpiryTime one = expiry_of(left.second);
    const ExpiryTime other = expiry_of(right.second);
    return one && (!other || *one < *other);
  };
  const auto first = std::ranges::min_element(by_channel_, sooner);
  return first != by_channel_.end() && expiry_of(first->second) ? first : by_channel_.end();
}

ExpiryTime Subscriptions::next_expiry() const {
  const auto first = first_to_expire();
  return first == by_channel_.end() ? std::nullopt : expiry_of(first->second);
}

const std::string* Subscriptions::first_expired(std::chrono::nanoseconds now) const {
  const auto first = first_to_expire();
  return first != by_channel_.end() && *expiry_of(first->second) <= now ? &first->first : nullptr;
}

const std::string* Subscriptions::first_revoked(
    const std::function<bool(const TokenTrace&)>& is_revoked) const {
  const auto found = std::ranges::find_if(by_channel_, [&is_revoked](const auto& each) {
    return each.second.grant && is_revoked(each.second.grant->token);
  });
  return found == by_channel_.end() ? nullptr : &found->first;
}

}  // namespace coroom::detail::centrifuge
