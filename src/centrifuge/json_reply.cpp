#include "centrifuge/json_reply.hpp"

#include "centrifuge/json_writer.hpp"

#include <boost/uuid/uuid_io.hpp>

#include <array>
#include <chrono>
#include <openssl/evp.h>

namespace coroom::detail::centrifuge::json {
namespace {

/// Encodes bytes by RFC 4648 section 4.
std::string base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // OpenSSL appends a zero
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

void write_info(JsonObject& info, const ClientInfo& client_info) {
  std::array<char, 36> client_id{};
  boost::uuids::to_chars(client_info.client_id, client_id.begin(), client_id.end());
  info.text("user", client_info.user);
  info.text("client", {client_id.data(), client_id.size()});
  if (!client_info.conn_info.empty()) info.json("conn_info", client_info.conn_info);
  if (!client_info.chan_info.empty()) info.json("chan_info", client_info.chan_info);
}

/// Writes nothing for a client without an id.
void write_author(JsonObject& object, const SharedClientInfo& client_info) {
  if (!client_info || client_info->client_id.is_nil()) return;
  JsonObject info = object.object("info");
  write_info(info, *client_info);
}

void write_publication(JsonObject& object, const Publication& publication) {
  switch (publication.kind) {
    case Publication::Kind::text:
      object.text("data", publication.data);
      break;
    case Publication::Kind::binary:
      object.text("data", base64(publication.data));
      break;
    default:
      object.json("data", publication.data);
  }
  write_author(object, publication.client_info);
  if (publication.offset != 0) object.number("offset", publication.offset);
  if (publication.tags && !publication.tags->empty()) {
    JsonObject tags = object.object("tags");
    for (const auto& [key, value] : *publication.tags) tags.text_named(key, value);
  }
  using std::chrono::milliseconds;
  const auto time = std::chrono::duration_cast<milliseconds>(publication.time.time_since_epoch()).count();
  if (time > 0) object.number("time", static_cast<std::uint64_t>(time));
}

void write_publications(JsonObject& object, const std::vector<Publication>& publications) {
  JsonArray array = object.array("publications");
  for (const Publication& publication : publications) {
    JsonObject one = array.object();
    write_publication(one, publication);
  }
}

void write_lifetime(JsonObject& object, const Lifetime& lifetime) {
  if (lifetime.ttl == 0) return;
  object.yes("expires");
  object.number("ttl", lifetime.ttl);
}

void write_position(JsonObject& object, const Recovered& state) {
  if (state.recoverable) object.yes("recoverable");
  if (state.positioned) object.yes("positioned");
  if (!state.position.epoch.empty()) object.text("epoch", state.position.epoch);
  if (state.position.offset != 0) object.number("offset", state.position.offset);
}

void write_subscription(JsonObject& object, const SubscribeResult& result) {
  write_lifetime(object, result.lifetime);
  if (!result.data.empty()) object.json("data", result.data);
  const Recovered& state = result.state;
  write_position(object, state);
  if (state.was_recovering) object.yes("was_recovering");
  if (state.recovered) object.yes("recovered");
  if (!state.publications.empty()) write_publications(object, state.publications);
}

void write_connection(JsonObject& object, const ConnectResult& result) {
  object.text("client", result.client);
  object.text("version", result.version);
  write_lifetime(object, result.lifetime);
  if (!result.data.empty()) object.json("data", result.data);
  if (result.ping != 0) object.number("ping", result.ping);
  if (result.pong) object.yes("pong");
  if (!result.session.empty()) object.text("session", result.session);
  if (!result.node.empty()) object.text("node", result.node);
  if (result.subs.empty()) return;
  JsonObject subs = object.object("subs");
  for (const auto& [channel, subscription] : result.subs) {
    JsonObject one = subs.object_named(channel);
    write_subscription(one, subscription);
  }
}

/// Appends a push whose content `write` adds to its object.
template <class Write>
void write_push(std::string& line, Envelope envelope, const Write& write) {
  JsonObject whole(line);
  if (envelope == Envelope::none) return write(whole);
  JsonObject push = whole.object("push");
  write(push);
}

}  // namespace

void append_reply(std::string& line, std::uint64_t id, const ConnectResult& result) {
  JsonObject reply(line);
  reply.number("id", id);
  JsonObject object = reply.object("connect");
  write_connection(object, result);
}

void append_reply(std::string& line, std::uint64_t id, const SubscribeResult& result) {
  JsonObject reply(line);
  reply.number("id", id);
  JsonObject object = reply.object("subscribe");
  write_subscription(object, result);
}

void append_reply(std::string& line, std::uint64_t id, const UnsubscribeResult& /*result*/) {
  JsonObject reply(line);
  reply.number("id", id);
  reply.json("unsubscribe", "{}");
}

void append_reply(std::string& line, std::uint64_t id, const PublishResult& /*result*/) {
  JsonObject reply(line);
  reply.number("id", id);
  reply.json("publish", "{}");
}

void append_reply(std::string& line, std::uint64_t id, const PresenceResult& result) {
  JsonObject reply(line);
  reply.number("id", id);
  JsonObject object = reply.object("presence");
  JsonObject presence = object.object("presence");
  for (const SharedClientInfo& member : result.presence->members) {
    JsonObject info = presence.object_named(boost::uuids::to_string(member->client_id));
    write_info(info, *member);
  }
}

void append_reply(std::string& line, std::uint64_t id, const PresenceStatsResult& result) {
  JsonObject reply(line);
  reply.number("id", id);
  JsonObject object = reply.object("presence_stats");
  object.number("num_clients", result.clients);
  object.number("num_users", result.users);
}

void append_reply(std::string& line, std::uint64_t id, const HistoryResult& result) {
  JsonObject reply(line);
  reply.number("id", id);
  JsonObject object = reply.object("history");
  write_publications(object, result.history.publications);
  object.text("epoch", result.history.top.epoch);
  object.number("offset", result.history.top.offset);
}

void append_reply(std::string& line, std::uint64_t id, const RefreshResult& result) {
  JsonObject reply(line);
  reply.number("id", id);
  JsonObject object = reply.object("refresh");
  object.text("client", result.client);
  object.text("version", result.version);
  write_lifetime(object, result.lifetime);
}

void append_reply(std::string& line, std::uint64_t id, const SubRefreshResult& result) {
  JsonObject reply(line);
  reply.number("id", id);
  JsonObject object = reply.object("sub_refresh");
  write_lifetime(object, result.lifetime);
}

void append_reply(std::string& line, std::uint64_t id, const RpcResult& result) {
  JsonObject reply(line);
  reply.number("id", id);
  JsonObject object = reply.object("rpc");
  if (!result.data.empty()) object.json("data", result.data);
}

void append_reply(std::string& line, std::uint64_t id, const CentrifugeError& error) {
  JsonObject reply(line);
  reply.number("id", id);
  JsonObject object = reply.object("error");
  object.number("code", error.code);
  object.text("message", error.message);
  if (error.temporary) object.yes("temporary");
}

void append_push(std::string& line, Envelope envelope, std::string_view channel,
                 const Publication& publication) {
  write_push(line, envelope, [&](JsonObject& push) {
    push.text("channel", channel);
    if (publication.kind == Publication::Kind::join || publication.kind == Publication::Kind::leave) {
      JsonObject object =
          push.object(publication.kind == Publication::Kind::join ? JsonKey("join") : JsonKey("leave"));
      JsonObject info = object.object("info");
      write_info(info, *publication.client_info);
    } else {
      JsonObject object = push.object("pub");
      write_publication(object, publication);
    }
  });
}

void append_push(std::string& line, Envelope envelope, std::string_view channel,
                 const SubscribePush& subscribe) {
  write_push(line, envelope, [&](JsonObject& push) {
    push.text("channel", channel);
    JsonObject object = push.object("subscribe");
    write_position(object, subscribe.state);
    if (!subscribe.data.empty()) object.json("data", subscribe.data);
  });
}

void append_push(std::string& line, Envelope envelope, std::string_view channel,
                 const Unsubscribe& unsubscribe) {
  write_push(line, envelope, [&](JsonObject& push) {
    push.text("channel", channel);
    JsonObject object = push.object("unsubscribe");
    object.number("code", unsubscribe.code);
    object.text("reason", unsubscribe.reason);
  });
}

void append_push(std::string& line, Envelope envelope, const MessagePush& message) {
  write_push(line, envelope, [&](JsonObject& push) {
    JsonObject object = push.object("message");
    object.json("data", message.data);
  });
}

void append_push(std::string& line, Envelope envelope, const Disconnect& disconnect) {
  write_push(line, envelope, [&](JsonObject& push) {
    JsonObject object = push.object("disconnect");
    object.number("code", disconnect.code);
    object.text("reason", disconnect.reason);
  });
}

void append_push(std::string& line, Envelope envelope, const ConnectResult& result) {
  write_push(line, envelope, [&](JsonObject& push) {
    JsonObject object = push.object("connect");
    write_connection(object, result);
  });
}

}  // namespace coroom::detail::centrifuge::json
