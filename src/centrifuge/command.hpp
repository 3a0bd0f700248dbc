#pragma once

#include "centrifuge/encoding.hpp"
#include "centrifuge/filter_node.hpp"
#include "centrifuge/outline.hpp"

#include <coroom/broker.hpp>
#include <coroom/message.hpp>

#include <tl/expected.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace coroom::detail::centrifuge {

/// The requests of clients. Commands in JSON and in Protobuf become the same types.

/// Data that the server only passes on: one JSON value, or bytes that are not JSON, which only Protobuf can
/// carry. A JSON client's data is in one line without white space between its tokens; a Protobuf client's
/// data is unchanged. Empty if the field is absent.
struct Payload {
  std::string data = {};
  Message::Kind kind = Message::Kind::json;  // or binary

  bool operator==(const Payload&) const = default;
};

struct Pong {
  bool operator==(const Pong&) const = default;
};

/// The client's position in a room to which the server subscribes it.
struct RecoverRequest {
  bool recover = false;
  Position since = {};

  bool operator==(const RecoverRequest&) const = default;
};

using RecoverRequests = std::map<std::string, RecoverRequest, std::less<>>;  // by channel

struct ConnectRequest {
  std::string token;
  Payload data;
  std::string name;
  std::string version;
  RecoverRequests subs;

  bool operator==(const ConnectRequest&) const = default;
};

struct SubscribeRequest {
  std::string channel;
  std::string token;
  Payload data;
  bool recover = false;
  Position since;  // the client's position, if it recovers
  bool positioned = false;
  bool recoverable = false;
  bool join_leave = false;
  std::uint64_t flag = 0;
  std::optional<FilterNode> filter;

  bool operator==(const SubscribeRequest&) const = default;
};

struct UnsubscribeRequest {
  std::string channel;

  bool operator==(const UnsubscribeRequest&) const = default;
};

struct PublishRequest {
  std::string channel;
  Payload data;

  bool operator==(const PublishRequest&) const = default;
};

struct PresenceRequest {
  std::string channel;

  bool operator==(const PresenceRequest&) const = default;
};

struct PresenceStatsRequest {
  std::string channel;

  bool operator==(const PresenceStatsRequest&) const = default;
};

struct HistoryRequest {
  std::string channel;
  std::int32_t limit = 0;  // negative: no limit
  std::optional<Position> since;
  bool reverse = false;

  bool operator==(const HistoryRequest&) const = default;
};

struct RefreshRequest {
  std::string token;

  bool operator==(const RefreshRequest&) const = default;
};

struct SubRefreshRequest {
  std::string channel;
  std::string token;

  bool operator==(const SubRefreshRequest&) const = default;
};

struct RpcRequest {
  std::string method;
  Payload data;

  bool operator==(const RpcRequest&) const = default;
};

struct SendRequest {
  Payload data;

  bool operator==(const SendRequest&) const = default;
};

struct PingRequest {
  bool operator==(const PingRequest&) const = default;
};

struct Command {
  std::uint64_t id = 0;  ///< 0: the command has no reply
  std::variant<Pong, ConnectRequest, SubscribeRequest, UnsubscribeRequest, PublishRequest, PresenceRequest,
               PresenceStatsRequest, HistoryRequest, RefreshRequest, SubRefreshRequest, RpcRequest,
               SendRequest, PingRequest>
      request;
  std::string_view unsupported = {};  ///< a field that asks for a feature that the server lacks; empty: none

  bool operator==(const Command&) const = default;
};

/// The reason why the bytes of a command are not a valid command.
struct CommandFault {
  std::string why;       ///< one line
  Outline command;       ///< the parts that were found nevertheless
  bool unknown = false;  ///< the method is unknown
};

using ParsedCommand = tl::expected<Command, CommandFault>;

/// The most rooms in ConnectRequest::subs. More are a fault, so that one command takes a bounded time.
constexpr std::size_t max_recover_requests = 1024;

/// Reads the commands of a frame. Reads each command only on next(), so a bad command affects no command
/// before or after it.
class CommandReader {
 public:
  /// The frame outlives the reader.
  CommandReader(Encoding encoding, std::string_view frame) : encoding_(encoding), rest_(frame) {}

  /// Returns the next command; nullopt at the end. A frame without any command is a fault.
  std::optional<ParsedCommand> next();

 private:
  Encoding encoding_;
  std::string_view rest_;
  bool first_ = true;
};

}  // namespace coroom::detail::centrifuge
