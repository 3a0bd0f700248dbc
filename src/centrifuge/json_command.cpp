#include "centrifuge/json_command.hpp"

#include "centrifuge/fields.hpp"
#include "centrifuge/filter_json.hpp"
#include "core/json_text.hpp"
#include "core/utf8.hpp"
#include "core/whole_number.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace coroom::detail::centrifuge::json {
namespace {

/// Moves fields into a request, and keeps the name of the first field of a wrong type.
class FieldReader {
 public:
  explicit FieldReader(Fields& fields) : fields_(fields) {}

  void text(std::string_view name, std::string& to) {
    Value* value = find(name, Value::Kind::string);
    if (value != nullptr) to = std::move(value->text);
  }

  void payload(std::string_view name, Payload& to) {
    Value* value = fields_.find(name);
    if (value != nullptr) to.data = std::move(*value).json();
  }

  void flag(std::string_view name, bool& to) {
    const Value* value = find(name, Value::Kind::boolean);
    if (value != nullptr) to = value->text == "true";
  }

  template <class Number>
  void number(std::string_view name, Number& to) {
    const Value* value = find(name, Value::Kind::number);
    if (value == nullptr) return;
    const auto number = detail::whole_number<Number>(value->text);
    if (!number) return note(name);
    to = *number;
  }

  /// Reads an object with an offset and an epoch.
  void position(std::string_view name, std::optional<Position>& to) {
    const Value* value = find(name, Value::Kind::object);
    if (value == nullptr) return;
    // Inside a command the fields of the object become the fields of a method.
    auto inner = read_fields(R"({"since":)" + value->text + '}');
    if (!inner) return note(name);
    FieldReader reader(*inner);
    to.emplace();
    reader.number("offset", to->offset);
    reader.text("epoch", to->epoch);
    if (!reader.wrong().empty()) note(reader.wrong());
  }

  /// Reads an object of objects with a position each.
  void positions(std::string_view name, RecoverRequests& to) {
    const Value* value = find(name, Value::Kind::object);
    if (value == nullptr) return;
    boost::system::error_code ec;
    const auto channels = boost::json::parse(value->text, ec);
    if (ec || channels.get_object().size() > max_recover_requests) return note(name);
    for (const auto& [channel, request] : channels.get_object()) {
      auto fields = read_fields(R"({"subs":)" + boost::json::serialize(request) + '}');
      if (!fields) return note(name);
      FieldReader reader(*fields);
      RecoverRequest& recover = to[std::string(channel)];
      reader.flag("recover", recover.recover);
      reader.number("offset", recover.since.offset);
      reader.text("epoch", recover.since.epoch);
      if (!reader.wrong().empty()) return note(name);
    }
  }

  void filter(std::string_view name, std::optional<FilterNode>& to) {
    const Value* value = find(name, Value::Kind::object);
    if (value == nullptr) return;
    auto filter = filter_of_json(value->text);
    if (!filter) return note(name);
    to = std::move(*filter);
  }

  /// Notes a field with which the request asks for a feature that the server lacks, unless it has the value
  /// of an absent field.
  void unsupported(std::string_view name) {
    const Value* value = fields_.find(name);
    if (value == nullptr || value->text == "0" || value->text == "false" || value->text == "[]" ||
        value->text.empty())
      return;
    if (unsupported_.empty()) unsupported_ = name;
  }
  [[nodiscard]] std::string_view unsupported() const { return unsupported_; }

  /// Returns the name of the first field of a wrong type; empty if there is none.
  [[nodiscard]] const std::string& wrong() const { return wrong_; }

 private:
  Value* find(std::string_view name, Value::Kind kind) {
    Value* value = fields_.find(name);
    if (value == nullptr || value->kind == kind) return value;
    note(name);
    return nullptr;
  }

  void note(std::string_view name) {
    if (wrong_.empty()) wrong_ = name;
  }

  Fields& fields_;
  std::string wrong_;
  std::string_view unsupported_;  // a literal
};

void read(FieldReader& fields, ConnectRequest& request) {
  fields.text("token", request.token);
  fields.payload("data", request.data);
  fields.text("name", request.name);
  fields.text("version", request.version);
  fields.positions("subs", request.subs);
}

void read(FieldReader& fields, SubscribeRequest& request) {
  fields.text("channel", request.channel);
  fields.text("token", request.token);
  fields.payload("data", request.data);
  fields.flag("recover", request.recover);
  fields.number("offset", request.since.offset);
  fields.text("epoch", request.since.epoch);
  fields.flag("positioned", request.positioned);
  fields.flag("recoverable", request.recoverable);
  fields.flag("join_leave", request.join_leave);
  fields.number("flag", request.flag);
  fields.filter("tf", request.filter);
  fields.unsupported("type");
}

void read(FieldReader& fields, UnsubscribeRequest& request) {
  fields.text("channel", request.channel);
}

void read(FieldReader& fields, PublishRequest& request) {
  fields.text("channel", request.channel);
  fields.payload("data", request.data);
  fields.unsupported("type");
  fields.unsupported("key");
  fields.unsupported("removed");
}

void read(FieldReader& fields, PresenceRequest& request) {
  fields.text("channel", request.channel);
}

void read(FieldReader& fields, PresenceStatsRequest& request) {
  fields.text("channel", request.channel);
}

void read(FieldReader& fields, HistoryRequest& request) {
  fields.text("channel", request.channel);
  fields.number("limit", request.limit);
  fields.position("since", request.since);
  fields.flag("reverse", request.reverse);
}

void read(FieldReader& fields, RefreshRequest& request) {
  fields.text("token", request.token);
}

void read(FieldReader& fields, SubRefreshRequest& request) {
  fields.text("channel", request.channel);
  fields.text("token", request.token);
  for (const std::string_view name : {"type", "track", "untrack"}) fields.unsupported(name);
}

void read(FieldReader& fields, RpcRequest& request) {
  fields.text("method", request.method);
  fields.payload("data", request.data);
}

void read(FieldReader& fields, SendRequest& request) {
  fields.payload("data", request.data);
}

void read(FieldReader& /*fields*/, PingRequest& /*request*/) {}

template <class Request>
ParsedCommand command_of(std::uint64_t id, Fields& fields) {
  Request request;
  FieldReader reader(fields);
  read(reader, request);
  if (!reader.wrong().empty())
    return tl::unexpected(CommandFault{fields.method + ": " + reader.wrong() + " has the wrong type",
                                       {id, fields.method == "send"}});
  return Command{id, std::move(request), reader.unsupported()};
}

struct CommandMethod {
  std::string_view name;
  ParsedCommand (*read)(std::uint64_t id, Fields& fields);
};

constexpr std::array methods{
    CommandMethod{"publish", command_of<PublishRequest>},
    CommandMethod{"subscribe", command_of<SubscribeRequest>},
    CommandMethod{"unsubscribe", command_of<UnsubscribeRequest>},
    CommandMethod{"connect", command_of<ConnectRequest>},
    CommandMethod{"presence", command_of<PresenceRequest>},
    CommandMethod{"presence_stats", command_of<PresenceStatsRequest>},
    CommandMethod{"history", command_of<HistoryRequest>},
    CommandMethod{"refresh", command_of<RefreshRequest>},
    CommandMethod{"sub_refresh", command_of<SubRefreshRequest>},
    CommandMethod{"rpc", command_of<RpcRequest>},
    CommandMethod{"send", command_of<SendRequest>},
    CommandMethod{"ping", command_of<PingRequest>},
};

ParsedCommand command_in(std::string_view line) {
  auto fields = read_fields(line);
  if (!fields) return tl::unexpected(CommandFault{fields.error().message, outline_of(line)});
  std::uint64_t id = 0;
  const bool has_id = fields->id.kind != Value::Kind::null;
  if (has_id) {
    const auto number = fields->id.kind == Value::Kind::number
                            ? detail::whole_number<std::uint64_t>(fields->id.text)
                            : std::nullopt;
    if (!number) return tl::unexpected(CommandFault{"the id is not a whole number from 0", {}});
    id = *number;
  }
  if (fields->method == "send") return command_of<SendRequest>(id, *fields);
  if (!has_id && !fields->method.empty()) return tl::unexpected(CommandFault{"a command without an id", {}});
  if (id == 0) return Command{0, Pong()};
  if (fields->method.empty()) return tl::unexpected(CommandFault{"a command without a method", {id}});
  const auto known = std::ranges::find(methods, fields->method, &CommandMethod::name);
  if (known == methods.end()) return tl::unexpected(CommandFault{"an unknown method", {id}, true});
  return known->read(id, *fields);
}

}  // namespace

std::optional<ParsedCommand> take_command(std::string_view& rest) {
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = detail::without_byte_order_mark(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) return command_in(line);
  }
  return std::nullopt;
}

tl::expected<ConnectRequest, CommandFault> read_connect_request(std::string_view text) {
  text = detail::without_byte_order_mark(text);
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return ConnectRequest();
  if (!detail::is_json(text)) return tl::unexpected(CommandFault{"the request is not one JSON value", {}});
  auto fields = read_fields(std::string(R"({"id":1,"connect":)").append(text) + '}');
  if (!fields) return tl::unexpected(CommandFault{fields.error().message, {}});
  if (fields->find("connect") != nullptr)
    return tl::unexpected(CommandFault{"a command in place of the fields of connect", {}});
  auto command = command_of<ConnectRequest>(1, *fields);
  if (!command) return tl::unexpected(std::move(command).error());
  return std::get<ConnectRequest>(std::move(command->request));
}

}  // namespace coroom::detail::centrifuge::json
