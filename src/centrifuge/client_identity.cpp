#include "centrifuge/client_identity.hpp"

#include "centrifuge/codes.hpp"
#include "core/sleep.hpp"

#include <coroom/log.hpp>

#include <boost/uuid/uuid_io.hpp>

#include <memory>
#include <utility>

namespace coroom::detail::centrifuge {
namespace {

tl::unexpected<TokenFault> no_keys() {
  return tl::unexpected(TokenFault(TokenCause::unknown_key, "no keys are configured"));
}

}  // namespace

Outcome<ClientIdentity::ConnectGrant> ClientIdentity::connect(ModeratedConnection& connection,
                                                              std::string_view token) {
  ConnectGrant grant;
  std::optional<TokenTrace> trace;
  if (!token.empty()) {
    auto verified = check_connection(token, Purpose::connect);
    if (!verified) return tl::unexpected(std::move(verified).error());
    auto client_info = std::make_shared<ClientInfo>(*client_.client_info());
    client_info->user = std::move(verified->user);
    client_info->conn_info = std::move(verified->info);
    client_info->meta = std::move(verified->meta);
    client_info->guest = verified->guest;
    client_.set_client_info(std::move(client_info));
    grant.left = verified->left;
    grant.subscriptions = std::move(verified->subscriptions);
    trace = std::move(verified->trace);
  } else if (!client_.settings().anonymous) {
    client_.faults().note_token(TokenCause::missing);
    return tl::unexpected<CommandRefusal>(disconnect::bad_request);
  }
  auto registration = client_.transport().moderation().register_connection(
      connection, client_.executor(), client_.client_info(), std::move(trace));
  if (!registration) return tl::unexpected<CommandRefusal>(rejection(registration.error()));
  registration_ = std::move(*registration);
  expires_ = expiry_after(timer_time(client_.clock()), grant.left, client_.settings().refresh_grace);
  return grant;
}

void ClientIdentity::close_earlier_connections() {
  if (!client_.client_info()->is_anonymous())
    client_.transport().moderation().kick_earlier(*registration_, disconnect::connection_limit);
}

void ClientIdentity::forget() {
  registration_.reset();
  expires_.reset();
  const ClientInfo& known = *client_.client_info();
  auto client_info = std::make_shared<ClientInfo>(known.address);
  client_info->client_id = known.client_id;
  client_info->hides_address = known.hides_address;
  client_.set_client_info(std::move(client_info));
}

Outcome<ClientIdentity::RemainingTime> ClientIdentity::refresh(std::string_view token) {
  auto verified = check_connection(token, Purpose::refresh);
  if (!verified) return tl::unexpected(std::move(verified).error());
  const auto status = client_.transport().moderation().renew(*registration_, std::move(verified->trace));
  if (status != Moderation::Status::good) return tl::unexpected<CommandRefusal>(rejection(status));
  expires_ = expiry_after(timer_time(client_.clock()), verified->left, client_.settings().refresh_grace);
  return verified->left;
}

Outcome<ConnectionToken> ClientIdentity::check_connection(std::string_view token, Purpose purpose) {
  const auto& tokens = client_.settings().tokens;
  auto verified = tokens ? tokens->connection(token) : no_keys();
  if (verified && purpose == Purpose::refresh && verified->user != client_.client_info()->user)
    verified = tl::unexpected(TokenFault(TokenCause::wrong_user));
  if (!verified) client_.faults().note_token(verified.error());
  if (!charge_for_check(verified ? nullptr : &verified.error()))
    return tl::unexpected<CommandRefusal>(disconnect::too_many_requests);
  if (verified) return std::move(*verified);
  if (verified.error().is_temporary()) return refused(error::internal);
  if (!verified.error().is_about_time()) return tl::unexpected<CommandRefusal>(disconnect::invalid_token);
  if (purpose == Purpose::refresh) return tl::unexpected<CommandRefusal>(disconnect::expired);
  return refused(error::token_expired);
}

Outcome<SubscriptionToken> ClientIdentity::check(std::string_view channel, std::string_view token) {
  const auto& tokens = client_.settings().tokens;
  auto verified = tokens ? tokens->subscription(token) : no_keys();
  if (!verified) client_.faults().note_token(verified.error());
  if (!charge_for_check(verified ? nullptr : &verified.error()))
    return tl::unexpected<CommandRefusal>(disconnect::too_many_requests);
  if (!verified && verified.error().is_temporary()) return refused(error::internal);
  if (!verified)
    return refused(verified.error().is_about_time() ? error::token_expired : error::permission_denied);
  if (const auto misfit = misfit_of(*verified, channel)) {
    client_.faults().note_token(*misfit);
    return tl::unexpected<CommandRefusal>(disconnect::invalid_token);
  }
  client_.transport().moderation().watch_tokens(*registration_);
  if (is_revoked(verified->trace)) {
    client_.faults().note_token(TokenCause::revoked);
    return refused(error::permission_denied);
  }
  return std::move(*verified);
}

bool ClientIdentity::is_revoked(const TokenTrace& token) const {
  return client_.transport().moderation().is_revoked(client_.client_info()->user, token);
}

/// Returns why a valid token does not fit this client and channel; nullopt if it fits.
std::optional<TokenCause> ClientIdentity::misfit_of(const SubscriptionToken& token,
                                                    std::string_view channel) const {
  const ClientInfo& client_info = *client_.client_info();
  if (token.channel != channel) return TokenCause::wrong_channel;
  if (token.user != client_info.user) return TokenCause::wrong_user;
  if (!token.client.empty() && token.client != boost::uuids::to_string(client_info.client_id))
    return TokenCause::wrong_client;
  return std::nullopt;
}

bool ClientIdentity::charge_for_check(const TokenFault* fault) {
  const auto& tokens = client_.settings().tokens;
  const std::size_t price = tokens ? tokens->cost_of(fault) : 0;
  return price == 0 || client_.transport().charge_received(0, price) != RateVerdict::flooding;
}

/// Counts and logs a client that may not connect. Returns the disconnect for it.
Disconnect ClientIdentity::rejection(Moderation::Status status) {
  const ClientInfo& client_info = *client_.client_info();
  Counters& counters = client_.transport().counters();
  switch (status) {
    case Moderation::Status::revoked:
      client_.faults().note_token(TokenCause::revoked);
      break;
    case Moderation::Status::too_many:
      counters.add(Counter::users_refused);
      logging::info("too many connections of a user",
                    {{"peer", client_info.address}, {"user", client_info.user}});
      break;
    case Moderation::Status::good:
    case Moderation::Status::banned:
      counters.add(Counter::connections_banned);
      logging::info("banned", {{"peer", client_info.address}, {"user", client_info.user}});
  }
  return Moderation::disconnect_for(status);
}

}  // namespace coroom::detail::centrifuge
