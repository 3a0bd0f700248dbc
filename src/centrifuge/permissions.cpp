#include "centrifuge/permissions.hpp"

#include <coroom/room_name.hpp>

#include <utility>

namespace coroom::detail::centrifuge {

RoomRules Permissions::rules(const ClientInChannel& who) const {
  const bool is_known = settings_.rules && (who.is_subscribed || is_room_name(who.channel));
  return is_known ? settings_.rules(who.channel) : RoomRules();
}

Permissions::Verdict Permissions::check_name(std::string_view channel) const {
  if (!is_room_name(channel)) return refused(error::bad_request);
  if (!settings_.check_room) return {};
  if (auto known = settings_.check_room(channel); !known) return refused(std::move(known).error());
  return {};
}

Permissions::Verdict Permissions::check(const Permission& permission, const ClientInChannel& who) const {
  if (!who.is_subscribed) {
    if (auto known = check_name(who.channel); !known) return known;
  }
  if (!permission.allows(who.client_info.is_anonymous(), who.is_subscribed))
    return refused(error::permission_denied);
  return {};
}

Permissions::Verdict Permissions::may_subscribe(const ClientInChannel& who, bool has_token,
                                                std::size_t subscriptions) const {
  const Permission permission =
      has_token ? Permission{.client = true, .anonymous = true} : rules(who).subscribe;
  if (auto permitted = check(permission, who); !permitted) return permitted;
  if (who.is_subscribed) return refused(error::already_subscribed);
  if (subscriptions < settings_.max_subscriptions) return {};
  return tl::unexpected(ErrorReply{error::limit_exceeded, Counter::subscriptions_refused, "subscriptions"});
}

Permissions::Verdict Permissions::may_publish(const ClientInChannel& who, std::string_view data) const {
  if (data.empty()) return refused(error::bad_request);
  return check(rules(who).publish, who);
}

Permissions::Verdict Permissions::may_publish_now(const ClientInChannel& who, bool is_available) {
  if (!is_available) return tl::unexpected(too_many_rooms());
  switch (moderation_.may_publish(who.client_info, who.channel, rules(who).slow_mode)) {
    case Moderation::PublishDecision::allowed:
      return {};
    case Moderation::PublishDecision::muted:
      return tl::unexpected(ErrorReply{error::permission_denied, Counter::publications_refused});
    case Moderation::PublishDecision::too_soon:
      break;
  }
  return tl::unexpected(ErrorReply{error::too_many_requests, Counter::publications_refused});
}

Permissions::Verdict Permissions::may_read_presence(const ClientInChannel& who) const {
  return check(rules(who).presence, who);
}

Permissions::Verdict Permissions::may_read_history(const ClientInChannel& who) const {
  return check(rules(who).history, who);
}

Permissions::Verdict Permissions::has_presence(const RoomOptions& options) {
  if (!options.presence) return refused(error::not_available);
  return {};
}

Permissions::Verdict Permissions::has_history(const RoomOptions& options, const HistoryRequest& request) {
  if (!options.keeps_history()) return refused(error::not_available);
  const bool from_nowhere = request.reverse && request.since && request.since->offset == 0;
  if (from_nowhere) return refused(error::bad_request);
  return {};
}

}  // namespace coroom::detail::centrifuge
