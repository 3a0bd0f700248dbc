// The identity of a client and its expiry.

#include "centrifuge/client.hpp"
#include "centrifuge/codes.hpp"
#include "core/refused_token.hpp"

#include <coroom/log.hpp>
#include <coroom/version.hpp>

#include <boost/uuid/uuid_io.hpp>

#include <algorithm>
#include <utility>

namespace coroom::detail::centrifuge {

task<> Client::handle(std::uint64_t id, ConnectRequest request) {
  ConnectionToken token;
  std::optional<TokenTrace> trace;
  if (!request.token.empty()) {
    auto admitted = co_await admit(id, std::move(request.token), false);
    if (!admitted) co_return;
    token = std::move(*admitted);
    auto client_info = std::make_shared<ClientInfo>(*client_info_);
    client_info->user = std::move(token.user);
    client_info->conn_info = std::move(token.info);
    client_info->guest = token.guest;
    client_info_ = std::move(client_info);
    trace = std::move(token.trace);
  } else if (!settings_.anonymous) {
    note_refused(TokenCause::missing);
    co_return disconnect(disconnect::bad_request);
  }
  auto registration =
      transport_.moderation().register_connection(*this, executor_, client_info_, std::move(trace));
  if (!registration) co_return turn_away(registration.error());
  registration_ = std::move(*registration);
  connected_ = true;
  expires_after(token.left);
  ConnectResult result;
  result.lifetime = lifetime_of(token.left);
  result.client = boost::uuids::to_string(client_info_->client_id);
  result.version = COROOM_VERSION;
  result.data = settings_.connect_data;
  transport_.introduce(result);
  if (transport_.wants_pings()) {
    result.ping = seconds(settings_.ping_interval);
    result.pong = result.ping != 0;
    liveness_.connected();
  } else {
    liveness_.stop();
  }
  co_await reply(id, std::move(result));
}

task<> Client::handle(std::uint64_t id, RefreshRequest request) {
  if (!settings_.tokens) co_return co_await refuse(id, error::not_available);
  if (request.token.empty()) co_return co_await refuse_bad(id, "no token");
  const auto token = co_await admit(id, std::move(request.token), true);
  if (!token) co_return;
  const auto status = transport_.moderation().renew(*registration_, token->trace);
  if (status != Moderation::Status::good) co_return turn_away(status);
  expires_after(token->left);
  RefreshResult result;
  result.client = boost::uuids::to_string(client_info_->client_id);
  result.version = COROOM_VERSION;
  result.lifetime = lifetime_of(token->left);
  co_await reply(id, std::move(result));
}

task<> Client::handle(std::uint64_t id, SubRefreshRequest request) {
  if (!settings_.tokens) co_return co_await refuse(id, error::not_available);
  if (request.channel.empty() || request.token.empty())
    co_return co_await refuse_bad(id, "no channel, or no token");
  if (!subscriptions_.contains(request.channel)) co_return co_await refuse(id, error::permission_denied);
  const auto token = co_await admit(id, request.channel, std::move(request.token));
  if (!token) co_return;
  const auto subscribed = subscriptions_.find(request.channel);
  if (subscribed != subscriptions_.end()) subscribed->second.token = token->trace;
  expires_after(token->left, request.channel);
  co_await reply(id, SubRefreshResult{lifetime_of(token->left)});
}

task<std::optional<ConnectionToken>> Client::admit(std::uint64_t id, std::string token, bool refreshes) {
  auto verified = settings_.tokens
                      ? settings_.tokens->connection(token)
                      : tl::unexpected(TokenFault(TokenCause::unknown_key, "no keys are configured"));
  if (verified && refreshes && verified->user != client_info_->user)
    verified = tl::unexpected(TokenFault(TokenCause::wrong_user));
  if (!verified) note_refused(verified.error());
  if (!pay_for_check(verified ? nullptr : &verified.error())) co_return std::nullopt;
  if (verified) co_return std::move(*verified);
  if (!verified.error().is_about_time()) {
    disconnect(disconnect::invalid_token);
  } else if (refreshes) {
    disconnect(disconnect::expired);
  } else {
    co_await refuse(id, error::token_expired);
  }
  co_return std::nullopt;
}

task<std::optional<SubscriptionToken>> Client::admit(std::uint64_t id, std::string channel,
                                                     std::string token) {
  auto verified = settings_.tokens
                      ? settings_.tokens->subscription(token)
                      : tl::unexpected(TokenFault(TokenCause::unknown_key, "no keys are configured"));
  if (!verified) note_refused(verified.error());
  if (!pay_for_check(verified ? nullptr : &verified.error())) co_return std::nullopt;
  if (!verified) {
    co_await refuse(id, verified.error().is_about_time() ? error::token_expired : error::permission_denied);
    co_return std::nullopt;
  }
  if (const auto misfit = misfit_of(*verified, channel)) {
    note_refused(*misfit);
    disconnect(disconnect::invalid_token);
    co_return std::nullopt;
  }
  transport_.moderation().watch_tokens(*registration_);
  if (transport_.moderation().is_revoked(client_info_->user, verified->trace)) {
    note_refused(TokenCause::revoked);
    co_await refuse(id, error::permission_denied);
    co_return std::nullopt;
  }
  co_return std::move(*verified);
}

/// Returns why a valid token does not fit this client and channel; nullopt if it fits.
std::optional<TokenCause> Client::misfit_of(const SubscriptionToken& token, std::string_view channel) const {
  if (token.channel != channel) return TokenCause::wrong_channel;
  if (token.user != client_info_->user) return TokenCause::wrong_user;
  if (!token.client.empty() && token.client != boost::uuids::to_string(client_info_->client_id))
    return TokenCause::wrong_client;
  return std::nullopt;
}

bool Client::pay_for_check(const TokenFault* fault) {
  const std::size_t price = settings_.tokens ? settings_.tokens->cost_of(fault) : 0;
  if (price == 0 || transport_.charge_received(0, price) != RateVerdict::flooding) return true;
  disconnect(disconnect::too_many_requests);
  return false;
}

void Client::note_refused(const TokenFault& fault) {
  transport_.counters().add(fault.cause);
  if (!std::exchange(untrusted_, true)) log_refused_token(client_info_->address, fault);
}

void Client::turn_away(Moderation::Status status) {
  if (status == Moderation::Status::revoked) {
    note_refused(TokenCause::revoked);
  } else if (status == Moderation::Status::too_many) {
    transport_.counters().add(Counter::users_refused);
    logging::info("too many connections of a user",
                  {{"peer", client_info_->address}, {"user", client_info_->user}});
  } else {
    transport_.counters().add(Counter::connections_banned);
    logging::info("banned", {{"peer", client_info_->address}, {"user", client_info_->user}});
  }
  disconnect(Moderation::disconnect_for(status));
}

void Client::expires_after(const Expiry& left) {
  expiry_.reset();
  if (!left) return;
  expiry_ = std::make_unique<Deadline>(executor_, clock_, [this] { disconnect(disconnect::expired); });
  expiry_->expires_after(*left + settings_.refresh_grace);
}

void Client::expires_after(const Expiry& left, const std::string& channel) {
  const auto found = subscriptions_.find(channel);
  if (found == subscriptions_.end()) return;
  auto& expiry = found->second.expiry;
  expiry.reset();
  if (!left) return;
  expiry =
      std::make_unique<Deadline>(executor_, clock_, [this, channel] { drop(channel, unsubscribe::expired); });
  expiry->expires_after(*left + settings_.refresh_grace);
}

void Client::drop(const std::string& channel, const Unsubscribe& how) {
  or_end([&] {
    std::string line;
    append_push(line, channel, how);
    subscriptions_.erase(subscriptions_.find(channel));  // this may destroy the timer that called drop()
    transport_.push(line);
  });
}

void Client::on_revoked() {
  const auto is_revoked = [this](const auto& registration) {
    const auto& token = registration.second.token;
    return token && transport_.moderation().is_revoked(client_info_->user, *token);
  };
  while (!ended_) {
    const auto found = std::ranges::find_if(subscriptions_, is_revoked);
    if (found == subscriptions_.end()) return;
    drop(std::string(found->first), unsubscribe::by_server);
  }
}

}  // namespace coroom::detail::centrifuge
