#pragma once

#include <coroom/server_subscription.hpp>

#include <boost/json/object.hpp>
#include <tl/expected.hpp>

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace coroom::detail::auth {

/// The claims about subscriptions, of the Centrifuge protocol. An error is the detail of a fault of the kind
/// claim_type, such as "subs: news: b64info is not base64". It has no value of the token.
template <class T>
using ClaimResult = tl::expected<T, std::string>;

/// The subscriptions of a connection, by room.
using SubscriptionClaims = std::map<std::string, ServerSubscription, std::less<>>;

/// Returns a claim; nullptr if it is absent or null.
const boost::json::value* find_claim(const boost::json::object& claims, std::string_view name);

/// Returns the JSON of the claim `name`, or the JSON that `base64_name` holds in base64; empty if neither is
/// there. Only one of the two may be there.
ClaimResult<std::string> read_json_claim(const boost::json::object& claims, std::string_view name,
                                         std::string_view base64_name);

/// Reads `info`, `b64info`, `data`, `b64data` and `override`, of a subscription token or of one room.
ClaimResult<ServerSubscription> read_subscription(const boost::json::object& claims);

/// Reads the rooms of a connection token: `subs`, or `channels` if `subs` has none. Allows at most 1024
/// rooms.
ClaimResult<SubscriptionClaims> read_subscriptions(const boost::json::object& claims);

}  // namespace coroom::detail::auth
