#include "support/protobuf_transcoder.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstdint>
#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>
#include <protozero/varint.hpp>
#include <stdexcept>

namespace coroom::test {
namespace {

namespace json = boost::json;

enum class Type : std::uint8_t { number, flag, text, data, message, messages, map };

struct Schema;

/// A field of a message, as the schema of the protocol has it.
struct Field {
  std::uint32_t tag;
  std::string_view name;
  Type type;
  const Schema* of = nullptr;  ///< of a message, of each of the messages, or of the values of a map
  bool always = false;         ///< JSON has the field even if it is empty
};

struct Schema {
  std::vector<Field> fields;
};

const Schema empty{};
const Schema client_info{{{1, "user", Type::text},
                          {2, "client", Type::text},
                          {3, "conn_info", Type::data},
                          {4, "chan_info", Type::data}}};
const Schema publication{{{4, "data", Type::data},
                          {5, "info", Type::message, &client_info},
                          {6, "offset", Type::number},
                          {9, "time", Type::number}}};
const Schema member{{{1, "info", Type::message, &client_info}}};
const Schema error{{{1, "code", Type::number}, {2, "message", Type::text}, {3, "temporary", Type::flag}}};
const Schema ended{{{2, "code", Type::number}, {3, "reason", Type::text}}};
const Schema position{{{1, "offset", Type::number}, {2, "epoch", Type::text}}};
const Schema channel{{{1, "channel", Type::text}}};

const Schema subscribe_request{{{1, "channel", Type::text},
                                {2, "token", Type::text},
                                {3, "recover", Type::flag},
                                {6, "epoch", Type::text},
                                {7, "offset", Type::number},
                                {9, "positioned", Type::flag},
                                {10, "recoverable", Type::flag},
                                {11, "join_leave", Type::flag},
                                {14, "flag", Type::number}}};
const Schema connect_request{{{1, "token", Type::text}, {3, "subs", Type::map, &subscribe_request}}};
const Schema publish_request{{{1, "channel", Type::text}, {2, "data", Type::data}}};
const Schema history_request{{{1, "channel", Type::text},
                              {7, "limit", Type::number},
                              {8, "since", Type::message, &position},
                              {9, "reverse", Type::flag}}};
const Schema command{{{1, "id", Type::number},
                      {4, "connect", Type::message, &connect_request},
                      {5, "subscribe", Type::message, &subscribe_request},
                      {6, "unsubscribe", Type::message, &channel},
                      {7, "publish", Type::message, &publish_request},
                      {8, "presence", Type::message, &channel},
                      {9, "presence_stats", Type::message, &channel},
                      {10, "history", Type::message, &history_request}}};

const Schema subscribe_result{{{1, "expires", Type::flag},
                               {2, "ttl", Type::number},
                               {3, "recoverable", Type::flag},
                               {6, "epoch", Type::text},
                               {7, "publications", Type::messages, &publication},
                               {8, "recovered", Type::flag},
                               {9, "offset", Type::number},
                               {10, "positioned", Type::flag},
                               {11, "data", Type::data},
                               {12, "was_recovering", Type::flag}}};
const Schema connect_result{{{1, "client", Type::text},
                             {2, "version", Type::text},
                             {5, "data", Type::data},
                             {6, "subs", Type::map, &subscribe_result},
                             {7, "ping", Type::number},
                             {8, "pong", Type::flag}}};
const Schema presence_result{{{1, "presence", Type::map, &client_info, true}}};
const Schema stats_result{{{1, "num_clients", Type::number}, {2, "num_users", Type::number}}};
const Schema history_result{{{1, "publications", Type::messages, &publication, true},
                             {2, "epoch", Type::text, nullptr, true},
                             {3, "offset", Type::number, nullptr, true}}};
const Schema subscribe_push{{{1, "recoverable", Type::flag},
                             {4, "epoch", Type::text},
                             {5, "offset", Type::number},
                             {6, "positioned", Type::flag},
                             {7, "data", Type::data}}};
const Schema push{{{2, "channel", Type::text},
                   {4, "pub", Type::message, &publication},
                   {5, "join", Type::message, &member},
                   {6, "leave", Type::message, &member},
                   {7, "unsubscribe", Type::message, &ended},
                   {9, "subscribe", Type::message, &subscribe_push}}};
const Schema reply{{{1, "id", Type::number},
                    {2, "error", Type::message, &error},
                    {4, "push", Type::message, &push},
                    {5, "connect", Type::message, &connect_result},
                    {6, "subscribe", Type::message, &subscribe_result},
                    {7, "unsubscribe", Type::message, &empty},
                    {8, "publish", Type::message, &empty},
                    {9, "presence", Type::message, &presence_result},
                    {10, "presence_stats", Type::message, &stats_result},
                    {11, "history", Type::message, &history_result}}};

std::string written(const json::object& object, const Schema& schema);

void write(protozero::pbf_writer& writer, const Field& field, const json::value& value) {
  switch (field.type) {
    case Type::number:
      return writer.add_uint64(field.tag, static_cast<std::uint64_t>(value.to_number<std::int64_t>()));
    case Type::flag:
      return writer.add_bool(field.tag, value.as_bool());
    case Type::text:
      return writer.add_string(field.tag, std::string(value.as_string()));
    case Type::data:
      return writer.add_bytes(field.tag, json::serialize(value));
    case Type::message:
      return writer.add_message(field.tag, written(value.as_object(), *field.of));
    case Type::messages:
      for (const json::value& each : value.as_array())
        writer.add_message(field.tag, written(each.as_object(), *field.of));
      return;
    case Type::map:
      for (const auto& [key, each] : value.as_object()) {
        std::string entry;
        protozero::pbf_writer pair(entry);
        pair.add_string(1, std::string(key));
        pair.add_message(2, written(each.as_object(), *field.of));
        writer.add_message(field.tag, entry);
      }
  }
}

std::string written(const json::object& object, const Schema& schema) {
  std::string bytes;
  protozero::pbf_writer writer(bytes);
  for (const auto& [name, value] : object) {
    const auto field =
        std::ranges::find(schema.fields, std::string_view(name.data(), name.size()), &Field::name);
    if (field == schema.fields.end()) throw std::invalid_argument("no field " + std::string(name));
    write(writer, *field, value);
  }
  return bytes;
}

json::object read(std::string_view bytes, const Schema& schema);

json::value nothing_of(Type type) {
  switch (type) {
    case Type::messages:
      return json::array();
    case Type::map:
      return json::object();
    case Type::text:
      return "";
    default:
      return 0;
  }
}

void read(protozero::pbf_reader& reader, const Field& field, json::object& to) {
  const auto bytes = [&reader] {
    const auto view = reader.get_view();
    return std::string_view(view.data(), view.size());
  };
  switch (field.type) {
    case Type::number:
      to[field.name] = reader.get_uint64();
      return;
    case Type::flag:
      to[field.name] = reader.get_uint64() != 0;
      return;
    case Type::text:
      to[field.name] = bytes();
      return;
    case Type::data:
      to[field.name] = json::parse(bytes());
      return;
    case Type::message:
      to[field.name] = read(bytes(), *field.of);
      return;
    case Type::messages:
      if (!to.contains(field.name)) to[field.name] = nothing_of(field.type);
      to.at(field.name).get_array().push_back(read(bytes(), *field.of));
      return;
    case Type::map: {
      const Schema entry{{{1, "key", Type::text}, {2, "value", Type::message, field.of}}};
      json::object pair = read(bytes(), entry);
      if (!to.contains(field.name)) to[field.name] = nothing_of(field.type);
      to.at(field.name).get_object()[pair.at("key").as_string()] = std::move(pair["value"]);
    }
  }
}

json::object read(std::string_view bytes, const Schema& schema) {
  json::object object;
  for (const Field& field : schema.fields)
    if (field.always) object[field.name] = nothing_of(field.type);
  protozero::pbf_reader reader(bytes.data(), bytes.size());
  while (reader.next()) {
    const auto field = std::ranges::find(schema.fields, reader.tag(), &Field::tag);
    if (field == schema.fields.end())
      throw std::invalid_argument("unknown field " + std::to_string(reader.tag()));
    read(reader, *field, object);
  }
  return object;
}

}  // namespace

std::string protobuf_command(const json::object& of) {
  const std::string body = written(of, command);
  std::string message;
  protozero::add_varint_to_buffer(&message, body.size());
  return message + body;
}

std::vector<json::object> replies_of_protobuf(std::string_view frame) {
  std::vector<json::object> replies;
  const char* at = frame.data();
  const char* const end = at + frame.size();
  while (at != end) {
    const auto size = protozero::decode_varint(&at, end);
    if (size > static_cast<std::uint64_t>(end - at)) throw std::invalid_argument("a length beyond the end");
    replies.push_back(read({at, static_cast<std::size_t>(size)}, reply));
    at += size;
  }
  return replies;
}

}  // namespace coroom::test
