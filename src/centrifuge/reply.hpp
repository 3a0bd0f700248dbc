#pragma once

#include "centrifuge/codes.hpp"
#include "centrifuge/encoding.hpp"
#include "centrifuge/recovery.hpp"

#include <coroom/broker.hpp>
#include <coroom/presence.hpp>
#include <coroom/publication.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coroom::detail::centrifuge {

/// Replies to commands, and pushes, in a form that JSON and Protobuf are written from. Fields that are zero
/// or empty are left out, except for those that the protocol requires.

/// Rounds up to whole seconds, the protocol's unit.
inline std::uint32_t seconds(std::chrono::milliseconds time) {
  return static_cast<std::uint32_t>(std::chrono::ceil<std::chrono::seconds>(time).count());
}

/// The time until a connection or a subscription expires.
struct Lifetime {
  std::uint32_t ttl = 0;  // seconds; 0: it does not expire
};

/// nullopt means that it does not expire.
inline Lifetime lifetime_of(const std::optional<std::chrono::milliseconds>& left) {
  return {left ? seconds(*left) : 0};
}

struct SubscribeResult {
  Lifetime lifetime;
  std::string data;  // JSON
  Recovered state;
};

struct ConnectResult {
  std::string client;
  std::string version;
  Lifetime lifetime;
  std::string data;        // JSON
  std::uint32_t ping = 0;  // seconds between pings; 0: there are none
  bool pong = false;       // the client must answer pings
  std::string session;     // of a stream; requests with further commands name it
  std::string node;
  std::vector<std::pair<std::string, SubscribeResult>> subs;  // by channel, those that the server has made
};

struct UnsubscribeResult {};
struct PublishResult {};

struct PresenceResult {
  std::shared_ptr<const Presence> presence;
};

struct PresenceStatsResult {
  std::size_t clients = 0;
  std::size_t users = 0;
};

struct HistoryResult {
  History history;
};

struct RefreshResult {
  std::string client;
  std::string version;
  Lifetime lifetime;
};

struct SubRefreshResult {
  Lifetime lifetime;
};

struct RpcResult {
  std::string data;  // JSON
};

/// A subscription that the server made for a connected client.
struct SubscribePush {
  std::string data;  // JSON
  Recovered state;   // without publications
};

/// A message to a client outside of channels.
struct MessagePush {
  std::string data;  // JSON
};

}  // namespace coroom::detail::centrifuge
