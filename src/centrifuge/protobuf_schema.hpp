#pragma once

#include <protozero/types.hpp>

/// The field numbers of the Centrifuge protocol in Protobuf: those that the server reads or writes.
namespace coroom::detail::centrifuge::protobuf::schema {

using Number = protozero::pbf_tag_type;

/// An entry of any map.
enum class MapEntryField : Number { key = 1, value = 2 };

/// Messages of clients.
///@{
enum class CommandField : Number {
  id = 1,
  connect = 4,
  subscribe = 5,
  unsubscribe = 6,
  publish = 7,
  presence = 8,
  presence_stats = 9,
  history = 10,
  ping = 11,
  send = 12,
  rpc = 13,
  refresh = 14,
  sub_refresh = 15
};

enum class ConnectRequestField : Number { token = 1, data = 2, subs = 3, name = 4, version = 5 };

enum class SubscribeRequestField : Number {
  channel = 1,
  token = 2,
  recover = 3,
  epoch = 6,
  offset = 7,
  data = 8,
  positioned = 9,
  recoverable = 10,
  join_leave = 11,
  tf = 13,
  flag = 14,
  type = 15
};

enum class FilterNodeField : Number { op = 1, key = 2, cmp = 3, val = 4, vals = 5, nodes = 6 };

/// A request with nothing but a channel: unsubscribe, presence and presence_stats.
enum class ChannelRequestField : Number { channel = 1 };

enum class PublishRequestField : Number { channel = 1, data = 2, type = 3, key = 4, removed = 5 };

enum class HistoryRequestField : Number { channel = 1, limit = 7, since = 8, reverse = 9 };

enum class StreamPositionField : Number { offset = 1, epoch = 2 };

enum class RefreshRequestField : Number { token = 1 };

enum class SubRefreshRequestField : Number { channel = 1, token = 2, type = 3, track = 4, untrack = 5 };

enum class RpcRequestField : Number { data = 1, method = 2 };

enum class SendRequestField : Number { data = 1 };
///@}

/// Messages of the server.
///@{
enum class ReplyField : Number {
  id = 1,
  error = 2,
  push = 4,
  connect = 5,
  subscribe = 6,
  unsubscribe = 7,
  publish = 8,
  presence = 9,
  presence_stats = 10,
  history = 11,
  rpc = 13,
  refresh = 14,
  sub_refresh = 15
};

enum class ErrorField : Number { code = 1, message = 2, temporary = 3 };

enum class PushField : Number {
  channel = 2,
  pub = 4,
  join = 5,
  leave = 6,
  unsubscribe = 7,
  message = 8,
  subscribe = 9,
  disconnect = 11
};

enum class ClientInfoField : Number { user = 1, client = 2, conn_info = 3, chan_info = 4 };

enum class PublicationField : Number { data = 4, info = 5, offset = 6, tags = 7, time = 9 };

/// The push of a member that joined or left.
enum class JoinOrLeaveField : Number { info = 1 };

enum class UnsubscribeField : Number { code = 2, reason = 3 };

enum class SubscribePushField : Number { recoverable = 1, epoch = 4, offset = 5, positioned = 6, data = 7 };

enum class MessagePushField : Number { data = 1 };

enum class DisconnectField : Number { code = 1, reason = 2 };

enum class ConnectResultField : Number {
  client = 1,
  version = 2,
  expires = 3,
  ttl = 4,
  data = 5,
  subs = 6,
  ping = 7,
  pong = 8,
  session = 9,
  node = 10
};

enum class SubscribeResultField : Number {
  expires = 1,
  ttl = 2,
  recoverable = 3,
  epoch = 6,
  publications = 7,
  recovered = 8,
  offset = 9,
  positioned = 10,
  data = 11,
  was_recovering = 12
};

enum class PresenceResultField : Number { presence = 1 };

enum class PresenceStatsResultField : Number { num_clients = 1, num_users = 2 };

enum class HistoryResultField : Number { publications = 1, epoch = 2, offset = 3 };

enum class RefreshResultField : Number { client = 1, version = 2, expires = 3, ttl = 4 };

enum class SubRefreshResultField : Number { expires = 1, ttl = 2 };

enum class RpcResultField : Number { data = 1 };
///@}

}  // namespace coroom::detail::centrifuge::protobuf::schema
