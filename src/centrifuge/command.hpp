#pragma once

#include <coroom/broker.hpp>
#include <coroom/error.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace coroom::centrifuge {

/// What a client may ask for. JSON that is not looked into is text in one line; empty: there was none.

struct Pong {};

struct ConnectRequest {
  std::string token;
  std::string data;  // JSON
  std::string name;
  std::string version;
};

struct SubscribeRequest {
  std::string channel;
  std::string token;
  std::string data;  // JSON
  bool recover = false;
  Position since;  // where the client was, if it wants to recover
  bool positioned = false;
  bool recoverable = false;
  bool join_leave = false;
  std::uint64_t flag = 0;
};

struct UnsubscribeRequest {
  std::string channel;
};

struct PublishRequest {
  std::string channel;
  std::string data;  // JSON
};

struct PresenceRequest {
  std::string channel;
};

struct PresenceStatsRequest {
  std::string channel;
};

struct HistoryRequest {
  std::string channel;
  std::int32_t limit = 0;  // negative: all
  std::optional<Position> since;
  bool reverse = false;
};

struct RefreshRequest {
  std::string token;
};

struct SubRefreshRequest {
  std::string channel;
  std::string token;
};

struct RpcRequest {
  std::string method;
  std::string data;  // JSON
};

struct SendRequest {
  std::string data;  // JSON
};

struct PingRequest {};

struct Command {
  std::uint32_t id = 0;  ///< 0: nobody waits for a reply
  std::variant<Pong, ConnectRequest, SubscribeRequest, UnsubscribeRequest, PublishRequest, PresenceRequest,
               PresenceStatsRequest, HistoryRequest, RefreshRequest, SubRefreshRequest, RpcRequest,
               SendRequest, PingRequest>
      request;
};

/// Reads the commands of a frame, one a line, each when it is asked for: those before a bad one have been
/// done by then.
class CommandReader {
 public:
  /// The frame outlives the reader.
  explicit CommandReader(std::string_view frame) : rest_(frame) {}

  /// The next command; nullopt at the end. An error says what is wrong in one line; no more is read after it.
  /// An empty frame is one, and so is an empty line, unless the frame ends with it.
  std::optional<Result<Command>> next();

 private:
  std::string_view rest_;
  bool first_ = true;
};

}  // namespace coroom::centrifuge
