#pragma once

#include <coroom/application.hpp>
#include <coroom/centrifuge_codes.hpp>
#include <coroom/client_info.hpp>
#include <coroom/compression.hpp>
#include <coroom/error.hpp>
#include <coroom/message.hpp>
#include <coroom/publication.hpp>
#include <coroom/request.hpp>
#include <coroom/room.hpp>
#include <coroom/room_rules.hpp>
#include <coroom/task.hpp>
#include <coroom/timeouts.hpp>
#include <coroom/token_verifier.hpp>

#include <tl/expected.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coroom {

/// A request of a client to the program: `rpc` of the protocol, or `send`, which has no method and no reply.
struct CentrifugeCall {
  SharedClientInfo client_info = {};         ///< of the client
  std::string method = {};                   ///< of `rpc`; empty: the client left it out, or it is a `send`
  std::string data = {};                     ///< empty: none
  Message::Kind kind = Message::Kind::json;  ///< of the data: JSON, or binary if a client that uses Protobuf
                                             ///< sends bytes that are not JSON
};

/// Returns the result of a call, one JSON value, or an error; data that is not JSON becomes error 100. Runs
/// on the client's thread; the client's next command waits for it.
using CentrifugeRpc = std::function<task<tl::expected<std::string, CentrifugeError>>(CentrifugeCall)>;

/// Handles data that clients send without a request ID (`send`). Runs on the client's thread.
using CentrifugeSend = std::function<task<>(CentrifugeCall)>;

/// A publication that a client asks for.
struct CentrifugePublication {
  SharedClientInfo client_info;                      ///< of the client
  Room room;                                         ///< the room to publish to
  std::string data;                                  ///< the published data
  Publication::Kind kind = Publication::Kind::json;  ///< JSON; or binary, as in CentrifugeCall
};

/// The result of CentrifugePublish: the revision that the publication makes, mostly none (nullptr); or an
/// error for the client.
using CentrifugeVerdict = tl::expected<std::shared_ptr<const Revision>, CentrifugeError>;

/// Decides on a publication that the rules of the room permit, before it is delivered. Runs on the client's
/// thread; the client's next command waits for it, so that its publications keep their order.
using CentrifugePublish = std::function<task<CentrifugeVerdict>(CentrifugePublication)>;

/// Settings of the Centrifuge protocol. Any thread may call the functions, as long as the application lives.
struct CentrifugeSettings {
  std::function<RoomRules(std::string_view room)> rules =
      {};  ///< of a room; unset: the defaults of RoomRules
  std::function<bool(const Request& request)> check_origin = {};  ///< unset: pages of the same host and port
  std::optional<CompressionOptions> compression = {};  ///< permessage-deflate, if the client offers it

  std::chrono::milliseconds connect_timeout{10'000};  ///< for the command `connect`; then 3502
  std::chrono::milliseconds ping_interval =
      Timeouts().ping_interval;                   ///< between the protocol's pings; 0: none
  std::chrono::milliseconds pong_timeout{8'000};  ///< for a pong, less than the interval; then 3012
  std::size_t max_subscriptions = 128;            ///< of one client; beyond them error 106

  std::shared_ptr<const TokenVerifier> tokens = {};  ///< nullptr: every token is rejected
  bool anonymous = true;                             ///< clients may connect without a token; else 3501
  std::chrono::milliseconds refresh_grace{25'000};   ///< for another token after the last one has expired

  /// Returns whether the program has a room of this name, or the error that the client gets, such as
  /// centrifuge_errors::unknown_channel. Not called for rooms to which the client is subscribed. Unset: every
  /// valid name is a room.
  std::function<tl::expected<void, CentrifugeError>(std::string_view room)> check_room = {};

  /// Subscribes each client with a user to the room `#USER`, its personal room. Guests have none.
  bool personal_rooms = false;
  std::string personal_namespace = {};  ///< of the personal rooms, then `NAMESPACE:#USER`; empty: none

  /// A new connection of a user closes the user's earlier ones with 3504. Guests are not users.
  bool single_connection = false;

  std::string connect_data = {};  ///< JSON for each client, in `data` of the reply to `connect`; empty: none

  /// Returns JSON for a client that subscribes to a room, in `data` of the reply; empty: none. Not called
  /// where the client's token has data for the room. Runs on the client's thread, and must not wait.
  std::function<std::string(std::string_view room, const ClientInfo& client_info)> subscribe_data = {};

  CentrifugeRpc on_rpc = {};          ///< unset: error 108
  CentrifugeSend on_send = {};        ///< unset: the connection is closed with 3508
  CentrifugePublish on_publish = {};  ///< unset: the rules of rooms alone decide
};

/// Returns the routes of the Centrifuge client protocol (version 2, JSON and Protobuf) for the rooms of an
/// application. A channel of the protocol is a room, with the options of Settings::room_options.
///
/// `/connection/websocket` is a WebSocket. For networks that block WebSockets, `/connection/sse` and
/// `/connection/http_stream` answer with the server's frames, as server-sent events and as lines, and
/// `/emulation` takes the commands of their clients. `/connection/uni_websocket`, `/connection/uni_sse` and
/// `/connection/uni_http_stream` are for clients that only receive.
/// Throws std::invalid_argument if `connect_data` is not one JSON value.
std::vector<Route> centrifuge_routes(CentrifugeSettings settings = {});

}  // namespace coroom
