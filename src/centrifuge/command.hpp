#pragma once

#include "centrifuge/outline.hpp"

#include <coroom/broker.hpp>

#include <tl/expected.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace coroom::detail::centrifuge {

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
  std::uint64_t id = 0;  ///< 0: nobody waits for a reply
  std::variant<Pong, ConnectRequest, SubscribeRequest, UnsubscribeRequest, PublishRequest, PresenceRequest,
               PresenceStatsRequest, HistoryRequest, RefreshRequest, SubRefreshRequest, RpcRequest,
               SendRequest, PingRequest>
      request;
};

/// Why a line is no command.
struct CommandFault {
  std::string why;       ///< in one line
  Outline command;       ///< what was found of it all the same
  bool unknown = false;  ///< it has a method that nobody knows
};

/// Reads the commands of a frame, one a line, each when it is asked for: those before a bad one have been
/// done by then, and those after it can be read.
class CommandReader {
 public:
  /// The frame outlives the reader.
  explicit CommandReader(std::string_view frame) : rest_(frame) {}

  /// The next command; nullopt at the end. Skips blank lines, and a byte order mark before a command. A frame
  /// without any command is a fault.
  std::optional<tl::expected<Command, CommandFault>> next();

 private:
  std::string_view rest_;
  bool first_ = true;
};

}  // namespace coroom::detail::centrifuge
