#pragma once

#include <coroom/application.hpp>
#include <coroom/client_info.hpp>
#include <coroom/compression.hpp>
#include <coroom/error.hpp>
#include <coroom/publication.hpp>
#include <coroom/request.hpp>
#include <coroom/room.hpp>
#include <coroom/room_rules.hpp>
#include <coroom/task.hpp>
#include <coroom/token_verifier.hpp>

#include <tl/expected.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coroom {

/// What a program's own call is answered with when it can't be done.
struct CentrifugeError {
  /// Codes of programs are 400 to 1999.
  CentrifugeError(std::uint32_t number, std::string why, bool again = false)
      : code(number), message(std::move(why)), temporary(again) {}

  std::uint32_t code;   ///< as clients get it
  std::string message;  ///< UTF-8, for the developer of the client
  bool temporary;       ///< the client may try again
};

/// What a client asks of the program: the protocol's `rpc`, or `send`, which has no method and no answer.
struct CentrifugeCall {
  /// `name` is the method's.
  CentrifugeCall(SharedClientInfo who, std::string name, std::string json)
      : client_info(std::move(who)), method(std::move(name)), data(std::move(json)) {}

  SharedClientInfo client_info;  ///< the client
  std::string method;            ///< of `rpc`; empty: the client may leave it out, and `send` has none
  std::string data;              ///< JSON in one line; empty: there was none
};

/// Answers a call by one JSON value, or by an error; what is no JSON is the client's error 100. Comes on the
/// client's thread; its next command waits meanwhile.
using CentrifugeRpc = std::function<task<tl::expected<std::string, CentrifugeError>>(CentrifugeCall)>;

/// Takes what clients send unasked.
using CentrifugeSend = std::function<task<>(CentrifugeCall)>;

/// What a client wants to publish.
struct CentrifugePublication {
  /// `what` lives until the one who asks is answered.
  CentrifugePublication(SharedClientInfo who, Room where, std::string_view what)
      : client_info(std::move(who)), room(std::move(where)), data(what) {}

  SharedClientInfo client_info;  ///< the client
  Room room;                     ///< where it will be heard
  std::string_view data;         ///< JSON in one line
};

/// Result of CentrifugePublish: what the publication revises, mostly nothing (nullptr); or the error that the
/// client is answered with.
using CentrifugeVerdict = tl::expected<std::shared_ptr<const Revision>, CentrifugeError>;

/// Says whether a client may publish something that the rules of the room let it publish. Comes on the
/// client's thread, before anybody hears of it; the client's next command waits meanwhile, so that its
/// publications keep their order.
using CentrifugePublish = std::function<task<CentrifugeVerdict>(CentrifugePublication)>;

/// What the clients of the Centrifuge protocol go by. The functions may be called by any thread, and live as
/// long as the application.
struct CentrifugeSettings {
  std::function<RoomRules(std::string_view room)> rules = {};     ///< of a room; none: RoomRules' defaults
  std::function<bool(const Request& request)> check_origin = {};  ///< none: pages of the same host and port
  std::optional<CompressionOptions> compression = {};             ///< permessage-deflate, for who offers it

  std::chrono::milliseconds connect_timeout{10'000};  ///< for a client to connect by command; else 3502
  std::chrono::milliseconds ping_interval{25'000};    ///< between the protocol's own pings; 0: there are none
  std::chrono::milliseconds pong_timeout{8'000};      ///< for their answer, less than the interval; else 3012
  std::size_t max_subscriptions = 128;                ///< of one client; else error 106

  std::shared_ptr<const TokenVerifier> tokens = {};  ///< none: no token is taken
  bool anonymous = true;                             ///< who brings no token may connect; else 3501
  std::chrono::milliseconds refresh_grace{25'000};   ///< to bring another token after the last has expired

  /// Whether the program has rooms of this name; an error, a sentence for the developer of the client, is its
  /// error 107. Asked of rooms that the client is not subscribed to. None: every name that a room may have.
  std::function<Result<>(std::string_view room)> check_room = {};

  std::string connect_data = {};  ///< JSON for each client, in `data` of the reply to `connect`; empty: none

  /// Returns JSON for a client that subscribes to a room, in `data` of the reply; empty: none. Not called
  /// where the client's token has data for the room. Called by the client's thread, and must not wait. None:
  /// no data.
  std::function<std::string(std::string_view room, const ClientInfo& client_info)> subscribe_data = {};

  CentrifugeRpc on_rpc = {};          ///< none: error 108
  CentrifugeSend on_send = {};        ///< none: the connection is closed with 3508
  CentrifugePublish on_publish = {};  ///< none: the rules of rooms alone decide
};

/// The Centrifuge client protocol, JSON, version 2, for rooms of an application: `/connection/websocket`, and
/// for networks that let no WebSocket through `/connection/sse` and `/connection/http_stream`, which answer
/// with what the server says, as server-sent events and as lines; `/emulation` takes what their clients say.
/// A channel of the protocol is a room. Its options are Settings::room_options. Throws std::invalid_argument
/// if `connect_data` is not one JSON value.
std::vector<Route> centrifuge_routes(CentrifugeSettings settings = {});

}  // namespace coroom
