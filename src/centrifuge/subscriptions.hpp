#pragma once

#include "centrifuge/expiry.hpp"

#include <coroom/client_info.hpp>
#include <coroom/room.hpp>
#include <coroom/token_verifier.hpp>

#include <boost/container/flat_map.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

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
///
/// A subscription begins, and is completed when its room has admitted the client. It may be removed between
/// the two, since the server subscribes and unsubscribes a client at any time.
class Subscriptions {
 public:
  /// A subscription that was begun. Abandons it when destroyed before complete(). The subscriptions outlive
  /// it.
  class [[nodiscard]] Beginning {
   public:
    Beginning(Beginning&& other) noexcept
        : all_(std::exchange(other.all_, nullptr)),
          channel_(std::move(other.channel_)),
          number_(other.number_) {}
    Beginning& operator=(Beginning&&) = delete;
    Beginning(const Beginning&) = delete;
    Beginning& operator=(const Beginning&) = delete;
    ~Beginning();

    [[nodiscard]] const std::string& channel() const { return channel_; }

    /// Adds the subscription. Returns false, and ends it, if it was removed meanwhile. Called once.
    [[nodiscard]] bool complete(Subscription subscription);

   private:
    friend class Subscriptions;
    Beginning(Subscriptions& all, std::string channel, std::uint64_t number)
        : all_(&all), channel_(std::move(channel)), number_(number) {}

    Subscriptions* all_;  // nullptr: completed or moved from
    std::string channel_;
    std::uint64_t number_;
  };

  /// Begins a subscription to a channel to which none exists (exists()).
  Beginning begin(std::string channel);

  /// Returns whether there is a subscription, completed or begun.
  [[nodiscard]] bool exists(std::string_view channel) const {
    return contains(channel) || begun_.contains(channel);
  }

  /// The subscription is valid until the next add() or remove().
  ///@{
  [[nodiscard]] Subscription* find(std::string_view channel);
  [[nodiscard]] bool contains(std::string_view channel) const { return by_channel_.contains(channel); }
  ///@}

  /// Returns the number of subscriptions, also of those that were only begun.
  [[nodiscard]] std::size_t size() const { return by_channel_.size() + begun_.size(); }

  /// Adds a completed subscription.
  void add(std::string channel, Subscription subscription);

  /// Ends a subscription, completed or begun. Returns false if there was none.
  bool remove(std::string_view channel);
  void clear();

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

  /// Forgets a begun subscription. Returns false if it was removed, and perhaps begun anew.
  bool forget(const std::string& channel, std::uint64_t number);

  ByChannel by_channel_;  // sorted in one block: most clients have few subscriptions
  boost::container::flat_map<std::string, std::uint64_t, std::less<>> begun_;  // with their numbers
  std::uint64_t last_number_ = 0;
};

}  // namespace coroom::detail::centrifuge
