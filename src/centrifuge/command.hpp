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

/// The requests of clients. JSON that the server only passes on is text in one line; empty if the field is
/// absent.

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
  Position since;  // the client's position, if it recovers
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
  std::int32_t limit = 0;  // negative: no limit
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
  std::uint64_t id = 0;  ///< 0: the command has no reply
  std::variant<Pong, ConnectRequest, SubscribeRequest, UnsubscribeRequest, PublishRequest, PresenceRequest,
               PresenceStatsRequest, HistoryRequest, RefreshRequest, SubRefreshRequest, RpcRequest,
               SendRequest, PingRequest>
      request;
};

/// The reason why a line is not a valid command.
struct CommandFault {
  std::string why;       ///< one line
  Outline command;       ///< the parts that were found nevertheless
  bool unknown = false;  ///< the method is unknown
};

/// Reads the commands of a frame, one a line. Reads each command only on next(), so a bad command affects no
/// command before or after it.
class CommandReader {
 public:
  /// The frame outlives the reader.
  explicit CommandReader(std::string_view frame) : rest_(frame) {}

  /// Returns the next command; nullopt at the end. Skips blank lines, and a byte order mark before a command.
  /// A frame without any command is a fault.
  std::optional<tl::expected<Command, CommandFault>> next();

 private:
  std::string_view rest_;
  bool first_ = true;
};

}  // namespace coroom::detail::centrifuge
