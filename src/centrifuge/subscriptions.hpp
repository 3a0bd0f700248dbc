#pragma once

#include "centrifuge/expiry.hpp"

#include <coroom/client_info.hpp>
#include <coroom/room.hpp>
#include <coroom/token_verifier.hpp>

#include <boost/container/flat_map.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace coroom::detail::centrifuge {

/// The grant of a subscription token.
struct SubscriptionGrant {
  TokenTrace token = {};
  ExpiryTime expires = {};
};

/// One subscription of a client.
struct Subscription {
  Membership membership;
  SharedClientInfo client_info;              // for the client's publications there
  std::unique_ptr<SubscriptionGrant> grant;  // nullptr: the room's rules admitted the client
};

/// The subscriptions of one client, by channel. Each membership ends with its subscription. Has no clock and
/// no timer: the caller gives the time.
class Subscriptions {
 public:
  /// The subscription is valid until the next add() or remove().
  ///@{
  [[nodiscard]] Subscription* find(std::string_view channel);
  [[nodiscard]] bool contains(std::string_view channel) const { return by_channel_.contains(channel); }
  ///@}
  [[nodiscard]] std::size_t size() const { return by_channel_.size(); }

  void add(std::string channel, Subscription subscription);

  /// Returns false if there was none.
  bool remove(std::string_view channel);
  void clear() { by_channel_.clear(); }

  /// Returns the time at which the first of the subscriptions expires; nullopt if none does.
  [[nodiscard]] ExpiryTime next_expiry() const;

  /// Returns the channel whose subscription expired first; nullptr if none has expired at `now`. Valid like a
  /// subscription.
  [[nodiscard]] const std::string* first_expired(std::chrono::nanoseconds now) const;

  /// Returns a channel to which a revoked token admitted the client; nullptr if there is none. Valid like a
  /// subscription.
  [[nodiscard]] const std::string* first_revoked(
      const std::function<bool(const TokenTrace&)>& is_revoked) const;

 private:
  using ByChannel = boost::container::flat_map<std::string, Subscription, std::less<>>;

  /// Returns the one that expires first; end() if none does.
  [[nodiscard]] ByChannel::const_iterator first_to_expire() const;

  ByChannel by_channel_;  // sorted in one block: most clients have few subscriptions
};

}  // namespace coroom::detail::centrifuge
