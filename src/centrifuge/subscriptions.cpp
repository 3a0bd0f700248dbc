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

Subscriptions::Beginning::~Beginning() {
  if (all_ != nullptr) all_->forget(channel_, number_);
}

bool Subscriptions::Beginning::complete(Subscription subscription) {
  Subscriptions& all = *std::exchange(all_, nullptr);
  const bool is_wanted = all.forget(channel_, number_);
  if (is_wanted) all.add(channel_, std::move(subscription));
  return is_wanted;
}

Subscriptions::Beginning Subscriptions::begin(std::string channel) {
  begun_.emplace(channel, ++last_number_);
  return {*this, std::move(channel), last_number_};
}

bool Subscriptions::forget(const std::string& channel, std::uint64_t number) {
  const auto found = begun_.find(channel);
  if (found == begun_.end() || found->second != number) return false;
  begun_.erase(found);
  return true;
}

void Subscriptions::add(std::string channel, Subscription subscription) {
  by_channel_.emplace(std::move(channel), std::move(subscription));
}

void Subscriptions::clear() {
  by_channel_.clear();
  begun_.clear();
}

bool Subscriptions::remove(std::string_view channel) {
  if (const auto begun = begun_.find(channel); begun != begun_.end()) {
    begun_.erase(begun);
    return true;
  }
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
