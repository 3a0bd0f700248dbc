#pragma once

#include "centrifuge/client_context.hpp"
#include "centrifuge/expiry.hpp"
#include "centrifuge/refusal.hpp"

#include <coroom/moderated_connection.hpp>
#include <coroom/moderation.hpp>
#include <coroom/server_subscription.hpp>
#include <coroom/token_verifier.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace coroom::detail::centrifuge {

/// The identity of a client: its user, as a token names it, and its registration with moderation. Checks all
/// tokens of the client. Logs and counts rejected ones, and charges the client for each check.
class ClientIdentity {
 public:
  /// The time that a token has left; nullopt: it does not expire.
  using RemainingTime = std::optional<std::chrono::milliseconds>;

  /// The context outlives this object.
  explicit ClientIdentity(ClientContext& client) : client_(client) {}

  /// What a token grants to a connection.
  struct ConnectGrant {
    RemainingTime left;
    std::map<std::string, ServerSubscription, std::less<>> subscriptions;  // by room
  };

  /// Takes over the identity of the token (empty: none), and registers the connection, which outlives the
  /// registration: end() ends it.
  Outcome<ConnectGrant> connect(ModeratedConnection& connection, std::string_view token);

  /// Closes the earlier connections of the same user, unless it is a guest or has no name.
  void close_earlier_connections();

  /// Takes connect() back.
  void forget();

  /// Takes another token of the same user. Called after connect().
  Outcome<RemainingTime> refresh(std::string_view token);

  /// Checks a token for the subscription to a channel. Called after connect().
  Outcome<SubscriptionToken> check(std::string_view channel, std::string_view token);

  /// Returns whether a token of this user is revoked.
  [[nodiscard]] bool is_revoked(const TokenTrace& token) const;

  /// Returns when the connection's token expires.
  [[nodiscard]] ExpiryTime expires() const { return expires_; }

  /// Ends the registration.
  void end() { registration_.reset(); }

 private:
  enum class Purpose : std::uint8_t { connect, refresh };

  Outcome<ConnectionToken> check_connection(std::string_view token, Purpose purpose);
  [[nodiscard]] std::optional<TokenCause> misfit_of(const SubscriptionToken& token,
                                                    std::string_view channel) const;

  /// Charges the client for the check of a token. Returns false if the client has exceeded its rate.
  bool charge_for_check(const TokenFault* fault);
  Disconnect rejection(Moderation::Status status);

  ClientContext& client_;
  std::optional<Moderation::Registration> registration_;  // set while connected
  ExpiryTime expires_;
};

}  // namespace coroom::detail::centrifuge
