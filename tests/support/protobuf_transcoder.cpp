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

enum class FieldType : std::uint8_t { number, flag, text, data, message, messages, map };

struct Schema;

/// A field of a message, as the schema of the protocol has it.
struct Field {
  std::uint32_t tag;
  std::string_view name;
  FieldType type;
  const Schema* of = nullptr;  ///< of a message, of each of the messages, or of the values of a map
  bool always = false;         ///< JSON has the field even if it is empty
};

struct Schema {
  std::vector<Field> fields;
};

const Schema empty{};
const Schema client_info{{{1, "user", FieldType::text},
                          {2, "client", FieldType::text},
                          {3, "conn_info", FieldType::data},
                          {4, "chan_info", FieldType::data}}};
const Schema publication{{{4, "data", FieldType::data},
                          {5, "info", FieldType::message, &client_info},
                          {6, "offset", FieldType::number},
                          {9, "time", FieldType::number}}};
const Schema member{{{1, "info", FieldType::message, &client_info}}};
const Schema error{
    {{1, "code", FieldType::number}, {2, "message", FieldType::text}, {3, "temporary", FieldType::flag}}};
const Schema ended{{{2, "code", FieldType::number}, {3, "reason", FieldType::text}}};
const Schema position{{{1, "offset", FieldType::number}, {2, "epoch", FieldType::text}}};
const Schema channel{{{1, "channel", FieldType::text}}};

const Schema subscribe_request{{{1, "channel", FieldType::text},
                                {2, "token", FieldType::text},
                                {3, "recover", FieldType::flag},
                                {6, "epoch", FieldType::text},
                                {7, "offset", FieldType::number},
                                {9, "positioned", FieldType::flag},
                                {10, "recoverable", FieldType::flag},
                                {11, "join_leave", FieldType::flag},
                                {14, "flag", FieldType::number}}};
const Schema connect_request{
    {{1, "token", FieldType::text}, {3, "subs", FieldType::map, &subscribe_request}}};
const Schema publish_request{{{1, "channel", FieldType::text}, {2, "data", FieldType::data}}};
const Schema history_request{{{1, "channel", FieldType::text},
                              {7, "limit", FieldType::number},
                              {8, "since", FieldType::message, &position},
                              {9, "reverse", FieldType::flag}}};
const Schema command{{{1, "id", FieldType::number},
                      {4, "connect", FieldType::message, &connect_request},
                      {5, "subscribe", FieldType::message, &subscribe_request},
                      {6, "unsubscribe", FieldType::message, &channel},
                      {7, "publish", FieldType::message, &publish_request},
                      {8, "presence", FieldType::message, &channel},
                      {9, "presence_stats", FieldType::message, &channel},
                      {10, "history", FieldType::message, &history_request}}};

const Schema subscribe_result{{{1, "expires", FieldType::flag},
                               {2, "ttl", FieldType::number},
                               {3, "recoverable", FieldType::flag},
                               {6, "epoch", FieldType::text},
                               {7, "publications", FieldType::messages, &publication},
                               {8, "recovered", FieldType::flag},
                               {9, "offset", FieldType::number},
                               {10, "positioned", FieldType::flag},
                               {11, "data", FieldType::data},
                               {12, "was_recovering", FieldType::flag}}};
const Schema connect_result{{{1, "client", FieldType::text},
                             {2, "version", FieldType::text},
                             {5, "data", FieldType::data},
                             {6, "subs", FieldType::map, &subscribe_result},
                             {7, "ping", FieldType::number},
                             {8, "pong", FieldType::flag}}};
const Schema presence_result{{{1, "presence", FieldType::map, &client_info, true}}};
const Schema stats_result{{{1, "num_clients", FieldType::number}, {2, "num_users", FieldType::number}}};
const Schema history_result{{{1, "publications", FieldType::messages, &publication, true},
                             {2, "epoch", FieldType::text, nullptr, true},
                             {3, "offset", FieldType::number, nullptr, true}}};
const Schema subscribe_push{{{1, "recoverable", FieldType::flag},
                             {4, "epoch", FieldType::text},
                             {5, "offset", FieldType::number},
                             {6, "positioned", FieldType::flag},
                             {7, "data", FieldType::data}}};
const Schema push{{{2, "channel", FieldType::text},
                   {4, "pub", FieldType::message, &publication},
                   {5, "join", FieldType::message, &member},
                   {6, "leave", FieldType::message, &member},
                   {7, "unsubscribe", FieldType::message, &ended},
                   {9, "subscribe", FieldType::message, &subscribe_push}}};
const Schema reply{{{1, "id", FieldType::number},
                    {2, "error", FieldType::message, &error},
                    {4, "push", FieldType::message, &push},
                    {5, "connect", FieldType::message, &connect_result},
                    {6, "subscribe", FieldType::message, &subscribe_result},
                    {7, "unsubscribe", FieldType::message, &empty},
                    {8, "publish", FieldType::message, &empty},
                    {9, "presence", FieldType::message, &presence_result},
                    {10, "presence_stats", FieldType::message, &stats_result},
                    {11, "history", FieldType::message, &history_result}}};

std::string written(const json::object& object, const Schema& schema);

void write(protozero::pbf_writer& writer, const Field& field, const json::value& value) {
  switch (field.type) {
    case FieldType::number:
      return writer.add_uint64(field.tag, static_cast<std::uint64_t>(value.to_number<std::int64_t>()));
    case FieldType::flag:
      return writer.add_bool(field.tag, value.as_bool());
    case FieldType::text:
      return writer.add_string(field.tag, std::string(value.as_string()));
    case FieldType::data:
      return writer.add_bytes(field.tag, json::serialize(value));
    case FieldType::message:
      return writer.add_message(field.tag, written(value.as_object(), *field.of));
    case FieldType::messages:
      for (const json::value& each : value.as_array())
        writer.add_message(field.tag, written(each.as_object(), *field.of));
      return;
    case FieldType::map:
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

json::value nothing_of(FieldType type) {
  switch (type) {
    case FieldType::messages:
      return json::array();
    case FieldType::map:
      return json::object();
    case FieldType::text:
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
    case FieldType::number:
      to[field.name] = reader.get_uint64();
      return;
    case FieldType::flag:
      to[field.name] = reader.get_uint64() != 0;
      return;
    case FieldType::text:
      to[field.name] = bytes();
      return;
    case FieldType::data:
      to[field.name] = json::parse(bytes());
      return;
    case FieldType::message:
      to[field.name] = read(bytes(), *field.of);
      return;
    case FieldType::messages:
      if (!to.contains(field.name)) to[field.name] = nothing_of(field.type);
      to.at(field.name).get_array().push_back(read(bytes(), *field.of));
      return;
    case FieldType::map: {
      const Schema entry{{{1, "key", FieldType::text}, {2, "value", FieldType::message, field.of}}};
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
