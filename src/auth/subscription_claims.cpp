#include "auth/subscription_claims.hpp"

#include "auth/base64.hpp"
#include "core/json_text.hpp"
#include "core/setting_value.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

namespace coroom::detail::auth {
namespace {

namespace json = boost::json;

constexpr std::size_t most_rooms = 1024;  // each costs a subscription, before the limits of the connection

using Override = std::optional<bool> SubscriptionOverrides::*;

constexpr std::array<std::pair<std::string_view, Override>, 5> override_names{{
    {"presence", &SubscriptionOverrides::presence},
    {"join_leave", &SubscriptionOverrides::join_leave},
    {"force_push_join_leave", &SubscriptionOverrides::force_push_join_leave},
    {"force_recovery", &SubscriptionOverrides::force_recovery},
    {"force_positioning", &SubscriptionOverrides::force_positioning},
}};

tl::unexpected<std::string> wrong(std::string_view name, std::string_view why) {
  return tl::unexpected(std::string(name).append(" ").append(why));
}

tl::unexpected<std::string> wrong_within(std::string_view name, const std::string& why) {
  return tl::unexpected(std::string(name).append(": ").append(why));
}

/// Returns a name from a token for a line of the log.
std::string shown(std::string_view name) {
  constexpr std::size_t longest = 64;  // bytes
  return printable(name.substr(0, longest)) + (name.size() > longest ? "…" : "");
}

ClaimResult<std::string> decode_json(std::string_view name, const json::value& value) {
  const json::string* const text = value.if_string();
  if (text == nullptr) return wrong(name, "is not a string");
  auto bytes = decode_base64({text->data(), text->size()});
  if (!bytes) return wrong(name, "is not base64");
  if (!is_json(*bytes)) return wrong(name, "is not the base64 of JSON");
  put_in_one_line(*bytes);  // since a line break ends a message of the protocol
  return std::move(*bytes);
}

ClaimResult<std::optional<bool>> read_override(std::string_view name, const json::value& value) {
  if (value.is_null()) return std::optional<bool>();
  const json::object* const fields = value.if_object();
  if (fields == nullptr) return wrong(name, "is not an object");
  const json::value* const setting = fields->if_contains("value");
  if (setting == nullptr || !setting->is_bool()) return wrong(name, "has no value of true or false");
  return std::optional<bool>(setting->get_bool());
}

ClaimResult<SubscriptionOverrides> read_overrides(const json::value& value) {
  const json::object* const fields = value.if_object();
  if (fields == nullptr) return wrong("override", "is not an object");
  SubscriptionOverrides overrides;
  for (const auto& [key, setting] : *fields) {
    const std::string_view name(key.data(), key.size());
    const auto known = std::ranges::find(override_names, name, &std::pair<std::string_view, Override>::first);
    if (known == override_names.end()) return wrong_within("override", shown(name) + " is not known");
    auto read = read_override(name, setting);
    if (!read) return wrong_within("override", read.error());
    overrides.*known->second = *read;
  }
  return overrides;
}

ClaimResult<SubscriptionClaims> read_subs(const json::object& rooms) {
  SubscriptionClaims subscriptions;
  if (rooms.size() > most_rooms) return wrong("subs", "has more than 1024 rooms");
  for (const auto& [key, value] : rooms) {
    const std::string_view room(key.data(), key.size());
    const json::object* const fields = value.if_object();
    if (fields == nullptr) return wrong_within("subs", shown(room) + " is not an object");
    auto read = read_subscription(*fields);
    if (!read) return wrong_within("subs: " + shown(room), read.error());
    subscriptions.emplace(room, std::move(*read));
  }
  return subscriptions;
}

ClaimResult<SubscriptionClaims> read_channels(const json::value& value) {
  const json::array* const rooms = value.if_array();
  if (rooms == nullptr) return wrong("channels", "is not an array");
  if (rooms->size() > most_rooms) return wrong("channels", "has more than 1024 rooms");
  SubscriptionClaims subscriptions;
  for (const json::value& room : *rooms) {
    const json::string* const name = room.if_string();
    if (name == nullptr) return wrong("channels", "has an element that is not a string");
    subscriptions.try_emplace(std::string(name->data(), name->size()));
  }
  return subscriptions;
}

}  // namespace

const json::value* find_claim(const json::object& claims, std::string_view name) {
  const json::value* const value = claims.if_contains(json::string_view(name.data(), name.size()));
  return value != nullptr && value->is_null() ? nullptr : value;
}

ClaimResult<std::string> read_json_claim(const json::object& claims, std::string_view name,
                                         std::string_view base64_name) {
  const json::value* const plain = find_claim(claims, name);
  const json::value* const base64 = find_claim(claims, base64_name);
  if (plain != nullptr && base64 != nullptr)
    return wrong(name, "and " + std::string(base64_name) + " exclude each other");
  if (base64 != nullptr) return decode_json(base64_name, *base64);
  return plain == nullptr ? std::string() : json::serialize(*plain);
}

ClaimResult<ServerSubscription> read_subscription(const json::object& claims) {
  auto info = read_json_claim(claims, "info", "b64info");
  if (!info) return tl::unexpected(std::move(info).error());
  auto data = read_json_claim(claims, "data", "b64data");
  if (!data) return tl::unexpected(std::move(data).error());
  ServerSubscription subscription{.info = std::move(*info), .data = std::move(*data)};
  if (const json::value* const value = find_claim(claims, "override")) {
    auto overrides = read_overrides(*value);
    if (!overrides) return tl::unexpected(std::move(overrides).error());
    subscription.overrides = *overrides;
  }
  return subscription;
}

ClaimResult<SubscriptionClaims> read_subscriptions(const json::object& claims) {
  if (const json::value* const subs = find_claim(claims, "subs")) {
    const json::object* const rooms = subs->if_object();
    if (rooms == nullptr) return wrong("subs", "is not an object");
    if (!rooms->empty()) return read_subs(*rooms);
  }
  const json::value* const channels = find_claim(claims, "channels");
  return channels == nullptr ? ClaimResult<SubscriptionClaims>() : read_channels(*channels);
}

}  // namespace coroom::detail::auth
