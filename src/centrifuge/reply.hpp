#pragma once

#include "centrifuge/codes.hpp"
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

namespace coroom::detail::centrifuge {

/// Replies to commands, and pushes. Each is appended as one line, without its line break. Fields that are
/// zero or empty are left out, except for those that the protocol requires.

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

struct ConnectResult {
  std::string client;
  std::string version;
  Lifetime lifetime;
  std::string data;        // JSON
  std::uint32_t ping = 0;  // seconds between pings; 0: there are none
  bool pong = false;       // the client must answer pings
  std::string session;     // of a stream; requests with further commands name it
  std::string node;
};

struct SubscribeResult {
  Lifetime lifetime;
  std::string data;  // JSON
  Recovered state;
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

void append_reply(std::string& line, std::uint64_t id, const ConnectResult& result);
void append_reply(std::string& line, std::uint64_t id, const SubscribeResult& result);
void append_reply(std::string& line, std::uint64_t id, const UnsubscribeResult& result);
void append_reply(std::string& line, std::uint64_t id, const PublishResult& result);
void append_reply(std::string& line, std::uint64_t id, const PresenceResult& result);
void append_reply(std::string& line, std::uint64_t id, const PresenceStatsResult& result);
void append_reply(std::string& line, std::uint64_t id, const HistoryResult& result);
void append_reply(std::string& line, std::uint64_t id, const RefreshResult& result);
void append_reply(std::string& line, std::uint64_t id, const SubRefreshResult& result);
void append_reply(std::string& line, std::uint64_t id, const RpcResult& result);
void append_error(std::string& line, std::uint64_t id, const CentrifugeError& error);

/// Appends a publication, a join or a leave in a channel.
void append_push(std::string& line, std::string_view channel, const Publication& publication);

/// Appends the end of a subscription.
void append_push(std::string& line, std::string_view channel, const Unsubscribe& unsubscribe);

/// Appends the end of a connection over a stream, which has no close frame.
void append_push(std::string& line, const Disconnect& disconnect);

/// Returns the same as a separate line.
///@{
template <class Result>
std::string reply_line(std::uint64_t id, const Result& result) {
  std::string line;
  append_reply(line, id, result);
  return line;
}

inline std::string error_line(std::uint64_t id, const CentrifugeError& error) {
  std::string line;
  append_error(line, id, error);
  return line;
}
///@}

}  // namespace coroom::detail::centrifuge
