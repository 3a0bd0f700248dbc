#include "centrifuge/protobuf_requests.hpp"

#include "centrifuge/protobuf_schema.hpp"

#include <cstddef>
#include <string>
#include <utility>

namespace coroom::detail::centrifuge::protobuf {
namespace {

void read_position(std::string_view message, Findings& findings, Position& position) {
  ProtobufReader reader(message, findings);
  while (const auto field = reader.next<schema::StreamPositionField>()) {
    switch (*field) {
      case schema::StreamPositionField::offset:
        reader.number("offset", position.offset);
        break;
      case schema::StreamPositionField::epoch:
        reader.text("epoch", position.epoch);
        break;
      default:
        reader.skip();
    }
  }
}

void read_recovery(std::string_view message, Findings& findings, RecoverRequest& request) {
  ProtobufReader reader(message, findings);
  while (const auto field = reader.next<schema::SubscribeRequestField>()) {
    switch (*field) {
      case schema::SubscribeRequestField::recover:
        reader.flag("recover", request.recover);
        break;
      case schema::SubscribeRequestField::epoch:
        reader.text("epoch", request.since.epoch);
        break;
      case schema::SubscribeRequestField::offset:
        reader.number("offset", request.since.offset);
        break;
      default:
        reader.skip();
    }
  }
}

void read_sub(std::string_view entry, Findings& findings, ConnectRequest& request) {
  std::string channel;
  RecoverRequest recover;
  ProtobufReader reader(entry, findings);
  while (const auto field = reader.next<schema::MapEntryField>()) {
    if (*field == schema::MapEntryField::key) {
      reader.text("subs", channel);
    } else if (*field == schema::MapEntryField::value) {
      if (const auto value = reader.content("subs")) read_recovery(*value, findings, recover);
    } else {
      reader.skip();
    }
  }
  if (request.subs.size() == max_recover_requests && !request.subs.contains(channel))
    return findings.note("subs", "has too many channels");
  request.subs.insert_or_assign(std::move(channel), std::move(recover));
}

void read_filter(std::string_view message, Findings& findings, FilterNode& node, std::size_t depth,
                 std::size_t& nodes) {
  if (depth > deepest_filter || ++nodes > most_filter_nodes) return findings.note("tf", "is too large");
  ProtobufReader reader(message, findings);
  while (const auto field = reader.next<schema::FilterNodeField>()) {
    switch (*field) {
      case schema::FilterNodeField::op:
        reader.text("tf", node.op);
        break;
      case schema::FilterNodeField::key:
        reader.text("tf", node.key);
        break;
      case schema::FilterNodeField::cmp:
        reader.text("tf", node.cmp);
        break;
      case schema::FilterNodeField::val:
        reader.text("tf", node.val);
        break;
      case schema::FilterNodeField::vals:
        reader.text("tf", node.vals.emplace_back());
        break;
      case schema::FilterNodeField::nodes: {
        const auto inner = reader.content("tf");
        if (!inner || nodes > most_filter_nodes) break;
        read_filter(*inner, findings, node.nodes.emplace_back(), depth + 1, nodes);
        break;
      }
      default:
        reader.skip();
    }
  }
}

void read_channel(std::string_view message, Findings& findings, std::string& channel) {
  ProtobufReader reader(message, findings);
  while (const auto field = reader.next<schema::ChannelRequestField>()) {
    if (*field == schema::ChannelRequestField::channel)
      reader.text("channel", channel);
    else
      reader.skip();
  }
}

}  // namespace

void read(std::string_view message, Findings& findings, ConnectRequest& request) {
  ProtobufReader reader(message, findings);
  while (const auto field = reader.next<schema::ConnectRequestField>()) {
    switch (*field) {
      case schema::ConnectRequestField::token:
        reader.text("token", request.token);
        break;
      case schema::ConnectRequestField::data:
        reader.payload("data", request.data);
        break;
      case schema::ConnectRequestField::subs:
        if (const auto entry = reader.content("subs")) read_sub(*entry, findings, request);
        break;
      case schema::ConnectRequestField::name:
        reader.text("name", request.name);
        break;
      case schema::ConnectRequestField::version:
        reader.text("version", request.version);
        break;
      default:
        reader.skip();
    }
  }
}

void read(std::string_view message, Findings& findings, SubscribeRequest& request) {
  std::size_t filter_nodes = 0;
  ProtobufReader reader(message, findings);
  while (const auto field = reader.next<schema::SubscribeRequestField>()) {
    switch (*field) {
      case schema::SubscribeRequestField::channel:
        reader.text("channel", request.channel);
        break;
      case schema::SubscribeRequestField::token:
        reader.text("token", request.token);
        break;
      case schema::SubscribeRequestField::recover:
        reader.flag("recover", request.recover);
        break;
      case schema::SubscribeRequestField::epoch:
        reader.text("epoch", request.since.epoch);
        break;
      case schema::SubscribeRequestField::offset:
        reader.number("offset", request.since.offset);
        break;
      case schema::SubscribeRequestField::data:
        reader.payload("data", request.data);
        break;
      case schema::SubscribeRequestField::positioned:
        reader.flag("positioned", request.positioned);
        break;
      case schema::SubscribeRequestField::recoverable:
        reader.flag("recoverable", request.recoverable);
        break;
      case schema::SubscribeRequestField::join_leave:
        reader.flag("join_leave", request.join_leave);
        break;
      case schema::SubscribeRequestField::tf:
        if (const auto filter = reader.content("tf")) {
          if (!request.filter) request.filter.emplace();
          read_filter(*filter, findings, *request.filter, 1, filter_nodes);
        }
        break;
      case schema::SubscribeRequestField::flag:
        reader.number("flag", request.flag);
        break;
      case schema::SubscribeRequestField::type:
        reader.unsupported_number("type");
        break;
      default:
        reader.skip();
    }
  }
}

void read(std::string_view message, Findings& findings, UnsubscribeRequest& request) {
  read_channel(message, findings, request.channel);
}

void read(std::string_view message, Findings& findings, PublishRequest& request) {
  ProtobufReader reader(message, findings);
  while (const auto field = reader.next<schema::PublishRequestField>()) {
    switch (*field) {
      case schema::PublishRequestField::channel:
        reader.text("channel", request.channel);
        break;
      case schema::PublishRequestField::data:
        reader.payload("data", request.data);
        break;
      case schema::PublishRequestField::type:
        reader.unsupported_number("type");
        break;
      case schema::PublishRequestField::key:
        reader.unsupported_text("key");
        break;
      case schema::PublishRequestField::removed:
        reader.unsupported_number("removed");
        break;
      default:
        reader.skip();
    }
  }
}

void read(std::string_view message, Findings& findings, PresenceRequest& request) {
  read_channel(message, findings, request.channel);
}

void read(std::string_view message, Findings& findings, PresenceStatsRequest& request) {
  read_channel(message, findings, request.channel);
}

void read(std::string_view message, Findings& findings, HistoryRequest& request) {
  ProtobufReader reader(message, findings);
  while (const auto field = reader.next<schema::HistoryRequestField>()) {
    switch (*field) {
      case schema::HistoryRequestField::channel:
        reader.text("channel", request.channel);
        break;
      case schema::HistoryRequestField::limit:
        reader.number("limit", request.limit);
        break;
      case schema::HistoryRequestField::since:
        if (const auto since = reader.content("since")) {
          if (!request.since) request.since.emplace();
          read_position(*since, findings, *request.since);
        }
        break;
      case schema::HistoryRequestField::reverse:
        reader.flag("reverse", request.reverse);
        break;
      default:
        reader.skip();
    }
  }
}

void read(std::string_view message, Findings& findings, RefreshRequest& request) {
  ProtobufReader reader(message, findings);
  while (const auto field = reader.next<schema::RefreshRequestField>()) {
    if (*field == schema::RefreshRequestField::token)
      reader.text("token", request.token);
    else
      reader.skip();
  }
}

void read(std::string_view message, Findings& findings, SubRefreshRequest& request) {
  ProtobufReader reader(message, findings);
  while (const auto field = reader.next<schema::SubRefreshRequestField>()) {
    switch (*field) {
      case schema::SubRefreshRequestField::channel:
        reader.text("channel", request.channel);
        break;
      case schema::SubRefreshRequestField::token:
        reader.text("token", request.token);
        break;
      case schema::SubRefreshRequestField::type:
        reader.unsupported_number("type");
        break;
      case schema::SubRefreshRequestField::track:
        reader.unsupported_list("track");
        break;
      case schema::SubRefreshRequestField::untrack:
        reader.unsupported_list("untrack");
        break;
      default:
        reader.skip();
    }
  }
}

void read(std::string_view message, Findings& findings, RpcRequest& request) {
  ProtobufReader reader(message, findings);
  while (const auto field = reader.next<schema::RpcRequestField>()) {
    switch (*field) {
      case schema::RpcRequestField::data:
        reader.payload("data", request.data);
        break;
      case schema::RpcRequestField::method:
        reader.text("method", request.method);
        break;
      default:
        reader.skip();
    }
  }
}

void read(std::string_view message, Findings& findings, SendRequest& request) {
  ProtobufReader reader(message, findings);
  while (const auto field = reader.next<schema::SendRequestField>()) {
    if (*field == schema::SendRequestField::data)
      reader.payload("data", request.data);
    else
      reader.skip();
  }
}

void read(std::string_view message, Findings& findings, PingRequest& /*request*/) {
  ProtobufReader reader(message, findings);
  while (reader.next<schema::Number>()) reader.skip();
}

}  // namespace coroom::detail::centrifuge::protobuf
