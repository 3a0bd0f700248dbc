#include "centrifuge/protobuf_reply.hpp"

#include "centrifuge/protobuf_schema.hpp"
#include "centrifuge/protobuf_writer.hpp"
#include "core/json_text.hpp"

#include <boost/uuid/uuid_io.hpp>

#include <chrono>
#include <cstdint>
#include <vector>

namespace coroom::detail::centrifuge::protobuf {
namespace {

std::string client_text(const ClientInfo& client_info) {
  std::string text(36, '\0');
  boost::uuids::to_chars(client_info.client_id, text.data(), text.data() + text.size());
  return text;
}

void write_info(MessageWriter<schema::ClientInfoField>& info, const ClientInfo& client_info) {
  info.text(schema::ClientInfoField::user, client_info.user);
  info.text(schema::ClientInfoField::client, client_text(client_info));
  info.text(schema::ClientInfoField::conn_info, client_info.conn_info);
  info.text(schema::ClientInfoField::chan_info, client_info.chan_info);
}

/// Text has the quotation marks of JSON, as it has for JSON clients.
void write_data(MessageWriter<schema::PublicationField>& writer, const Publication& publication) {
  if (publication.kind != Publication::Kind::text)
    return writer.text(schema::PublicationField::data, publication.data);
  std::string json;
  detail::append_json_string(json, publication.data);
  writer.text(schema::PublicationField::data, json);
}

void write_publication(MessageWriter<schema::PublicationField>& writer, const Publication& publication) {
  using schema::MapEntryField;
  write_data(writer, publication);
  const SharedClientInfo& author = publication.client_info;
  if (author && !author->client_id.is_nil())
    writer.message<schema::ClientInfoField>(schema::PublicationField::info,
                                            [&author](auto& info) { write_info(info, *author); });
  writer.number(schema::PublicationField::offset, publication.offset);
  if (publication.tags) {
    for (const auto& tag : *publication.tags)
      writer.message<MapEntryField>(schema::PublicationField::tags, [&tag](auto& entry) {
        entry.text(MapEntryField::key, tag.first);
        entry.text(MapEntryField::value, tag.second);
      });
  }
  using std::chrono::milliseconds;
  const auto time = std::chrono::duration_cast<milliseconds>(publication.time.time_since_epoch()).count();
  if (time > 0) writer.number(schema::PublicationField::time, static_cast<std::uint64_t>(time));
}

/// Writes a repeated field.
template <class Field>
void write_publications(MessageWriter<Field>& writer, Field field,
                        const std::vector<Publication>& publications) {
  for (const Publication& publication : publications)
    writer.template message<schema::PublicationField>(
        field, [&publication](auto& one) { write_publication(one, publication); });
}

template <class Field>
void write_lifetime(MessageWriter<Field>& writer, const Lifetime& lifetime) {
  writer.flag(Field::expires, lifetime.ttl != 0);
  writer.number(Field::ttl, lifetime.ttl);
}

void write_subscription(MessageWriter<schema::SubscribeResultField>& writer, const SubscribeResult& result) {
  using Field = schema::SubscribeResultField;
  const Recovered& state = result.state;
  write_lifetime(writer, result.lifetime);
  writer.flag(Field::recoverable, state.recoverable);
  writer.text(Field::epoch, state.position.epoch);
  write_publications(writer, Field::publications, state.publications);
  writer.flag(Field::recovered, state.recovered);
  writer.number(Field::offset, state.position.offset);
  writer.flag(Field::positioned, state.positioned);
  writer.text(Field::data, result.data);
  writer.flag(Field::was_recovering, state.was_recovering);
}

/// Appends a reply whose result `write` fills in.
template <class Result, class Write>
void write_reply(std::string& out, std::uint64_t id, schema::ReplyField method, const Write& write) {
  append_delimited<schema::ReplyField>(out, [&](auto& reply) {
    reply.number(schema::ReplyField::id, id);
    reply.template message<Result>(method, write);
  });
}

/// Appends a push whose content `write` fills in. A push outside of channels has an empty `channel`.
template <class Content, class Write>
void write_push(std::string& out, std::string_view channel, schema::PushField kind, const Write& write) {
  append_delimited<schema::ReplyField>(out, [&](auto& reply) {
    reply.template message<schema::PushField>(schema::ReplyField::push, [&](auto& push) {
      push.text(schema::PushField::channel, channel);
      push.template message<Content>(kind, write);
    });
  });
}

}  // namespace

void append_reply(std::string& out, std::uint64_t id, const ConnectResult& result) {
  using Field = schema::ConnectResultField;
  using schema::MapEntryField;
  write_reply<Field>(out, id, schema::ReplyField::connect, [&result](auto& writer) {
    writer.text(Field::client, result.client);
    writer.text(Field::version, result.version);
    write_lifetime(writer, result.lifetime);
    writer.text(Field::data, result.data);
    for (const auto& sub : result.subs)
      writer.template message<MapEntryField>(Field::subs, [&sub](auto& entry) {
        entry.text(MapEntryField::key, sub.first);
        entry.template message<schema::SubscribeResultField>(
            MapEntryField::value, [&](auto& value) { write_subscription(value, sub.second); });
      });
    writer.number(Field::ping, result.ping);
    writer.flag(Field::pong, result.pong);
    writer.text(Field::session, result.session);
    writer.text(Field::node, result.node);
  });
}

void append_reply(std::string& out, std::uint64_t id, const SubscribeResult& result) {
  write_reply<schema::SubscribeResultField>(out, id, schema::ReplyField::subscribe,
                                            [&result](auto& writer) { write_subscription(writer, result); });
}

void append_reply(std::string& out, std::uint64_t id, const UnsubscribeResult& /*result*/) {
  write_reply<schema::Number>(out, id, schema::ReplyField::unsubscribe, [](auto& /*writer*/) {});
}

void append_reply(std::string& out, std::uint64_t id, const PublishResult& /*result*/) {
  write_reply<schema::Number>(out, id, schema::ReplyField::publish, [](auto& /*writer*/) {});
}

void append_reply(std::string& out, std::uint64_t id, const PresenceResult& result) {
  using Field = schema::PresenceResultField;
  using schema::MapEntryField;
  write_reply<Field>(out, id, schema::ReplyField::presence, [&result](auto& writer) {
    for (const SharedClientInfo& member : result.presence->members)
      writer.template message<MapEntryField>(Field::presence, [&member](auto& entry) {
        entry.text(MapEntryField::key, client_text(*member));
        entry.template message<schema::ClientInfoField>(MapEntryField::value,
                                                        [&](auto& info) { write_info(info, *member); });
      });
  });
}

void append_reply(std::string& out, std::uint64_t id, const PresenceStatsResult& result) {
  using Field = schema::PresenceStatsResultField;
  write_reply<Field>(out, id, schema::ReplyField::presence_stats, [&result](auto& writer) {
    writer.number(Field::num_clients, result.clients);
    writer.number(Field::num_users, result.users);
  });
}

void append_reply(std::string& out, std::uint64_t id, const HistoryResult& result) {
  using Field = schema::HistoryResultField;
  write_reply<Field>(out, id, schema::ReplyField::history, [&result](auto& writer) {
    write_publications(writer, Field::publications, result.history.publications);
    writer.text(Field::epoch, result.history.top.epoch);
    writer.number(Field::offset, result.history.top.offset);
  });
}

void append_reply(std::string& out, std::uint64_t id, const RefreshResult& result) {
  using Field = schema::RefreshResultField;
  write_reply<Field>(out, id, schema::ReplyField::refresh, [&result](auto& writer) {
    writer.text(Field::client, result.client);
    writer.text(Field::version, result.version);
    write_lifetime(writer, result.lifetime);
  });
}

void append_reply(std::string& out, std::uint64_t id, const SubRefreshResult& result) {
  write_reply<schema::SubRefreshResultField>(
      out, id, schema::ReplyField::sub_refresh,
      [&result](auto& writer) { write_lifetime(writer, result.lifetime); });
}

void append_reply(std::string& out, std::uint64_t id, const RpcResult& result) {
  using Field = schema::RpcResultField;
  write_reply<Field>(out, id, schema::ReplyField::rpc,
                     [&result](auto& writer) { writer.text(Field::data, result.data); });
}

void append_reply(std::string& out, std::uint64_t id, const CentrifugeError& error) {
  using Field = schema::ErrorField;
  write_reply<Field>(out, id, schema::ReplyField::error, [&error](auto& writer) {
    writer.number(Field::code, error.code);
    writer.text(Field::message, error.message);
    writer.flag(Field::temporary, error.temporary);
  });
}

void append_push(std::string& out, std::string_view channel, const Publication& publication) {
  using schema::JoinOrLeaveField;
  const bool is_join = publication.kind == Publication::Kind::join;
  if (is_join || publication.kind == Publication::Kind::leave) {
    write_push<JoinOrLeaveField>(out, channel, is_join ? schema::PushField::join : schema::PushField::leave,
                                 [&publication](auto& writer) {
                                   writer.template message<schema::ClientInfoField>(
                                       JoinOrLeaveField::info,
                                       [&](auto& info) { write_info(info, *publication.client_info); });
                                 });
  } else {
    write_push<schema::PublicationField>(out, channel, schema::PushField::pub, [&publication](auto& writer) {
      write_publication(writer, publication);
    });
  }
}

void append_push(std::string& out, std::string_view channel, const SubscribePush& subscribe) {
  using Field = schema::SubscribePushField;
  write_push<Field>(out, channel, schema::PushField::subscribe, [&subscribe](auto& writer) {
    writer.flag(Field::recoverable, subscribe.state.recoverable);
    writer.text(Field::epoch, subscribe.state.position.epoch);
    writer.number(Field::offset, subscribe.state.position.offset);
    writer.flag(Field::positioned, subscribe.state.positioned);
    writer.text(Field::data, subscribe.data);
  });
}

void append_push(std::string& out, std::string_view channel, const Unsubscribe& unsubscribe) {
  using Field = schema::UnsubscribeField;
  write_push<Field>(out, channel, schema::PushField::unsubscribe, [&unsubscribe](auto& writer) {
    writer.number(Field::code, unsubscribe.code);
    writer.text(Field::reason, unsubscribe.reason);
  });
}

void append_push(std::string& out, const MessagePush& message) {
  using Field = schema::MessagePushField;
  write_push<Field>(out, {}, schema::PushField::message,
                    [&message](auto& writer) { writer.text(Field::data, message.data); });
}

void append_push(std::string& out, const Disconnect& disconnect) {
  using Field = schema::DisconnectField;
  write_push<Field>(out, {}, schema::PushField::disconnect, [&disconnect](auto& writer) {
    writer.number(Field::code, disconnect.code);
    writer.text(Field::reason, disconnect.reason);
  });
}

}  // namespace coroom::detail::centrifuge::protobuf
