// A frame of a client of the Centrifuge protocol, and the pushes that publish its data.
#include "centrifuge/command.hpp"
#include "centrifuge/encoded_reply.hpp"
#include "centrifuge/fields.hpp"
#include "core/json_text.hpp"
#include "fuzz/require.hpp"
#include "fuzz/text.hpp"
#include "fuzz/try_input.hpp"

#include <coroom/client_info.hpp>
#include <coroom/publication.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace coroom::fuzz {
namespace {

using detail::centrifuge::Fields;
using detail::centrifuge::Value;

bool is_one_line(std::string_view text) {
  return text.find_first_of("\r\n") == std::string_view::npos;
}

boost::json::value parsed(std::string_view json) {
  boost::system::error_code ec;
  boost::json::value value = boost::json::parse(json, ec);
  require(!ec, "it is JSON");
  return value;
}

bool same(const Value& one, const Value& other) {
  return one.kind == other.kind && (one.kind == Value::Kind::null || one.text == other.text);
}

/// Returns the command as a client would write it.
std::string written(const Fields& fields) {
  std::string line = "{\"id\":" + (fields.id.kind == Value::Kind::null ? "null" : fields.id.json());
  if (!fields.method.empty()) {
    line += ',';
    detail::append_json_string(line, fields.method);
    line += ":{";
    for (const auto& [name, value] : fields.fields) {
      if (line.back() != '{') line += ',';
      detail::append_json_string(line, name);
      line += ':' + value.json();
    }
    line += '}';
  }
  return line + '}';
}

void try_fields(std::string_view line) {
  const auto fields = detail::centrifuge::read_fields(line);
  if (!fields) {
    require(!fields.error().message.empty() && is_one_line(fields.error().message), "an error is a line");
    return;
  }
  const auto again = detail::centrifuge::read_fields(written(*fields));
  require(again.has_value(), "a parsed command can be parsed again");
  require(same(again->id, fields->id) && again->method == fields->method &&
              again->fields.size() == fields->fields.size(),
          "and is equal");
  for (std::size_t index = 0; index != fields->fields.size(); ++index) {
    const auto& [name, value] = fields->fields[index];
    require(name == again->fields[index].first && same(value, again->fields[index].second),
            "its fields are equal");
    require(is_one_line(value.json()), "a value is one line");
    detail::text_of_json(value.json());
  }
}

std::string pushed(std::string_view channel, const Publication& publication) {
  return detail::centrifuge::encoded_push(detail::centrifuge::Encoding::json, channel, publication);
}

/// A subscriber receives one line with the same value.
void try_publication(const std::string& channel, const std::string& json) {
  Publication publication(Publication::Kind::json, std::make_shared<ClientInfo>("192.0.2.1"), json);
  std::string line = pushed(channel, publication);
  require(is_one_line(line), "a push is one line");
  const boost::json::value push = parsed(line);
  require(push.at("push").at("channel").as_string() == channel, "it names the channel");
  require(push.at("push").at("pub").at("data") == parsed(json), "it contains the value");

  publication.kind = Publication::Kind::text;
  line = pushed(channel, publication);
  require(is_one_line(line), "a push of text is one line");
  require(parsed(line).at("push").at("pub").at("data").as_string() == json, "it contains the text");
}

}  // namespace

int try_input(const std::uint8_t* data, std::size_t size) {
  const std::string_view frame = text_of(data, size);
  detail::centrifuge::CommandReader reader(detail::centrifuge::Encoding::json, frame);
  while (const auto command = reader.next()) {
    if (!*command) {
      require(is_one_line(command->error().why), "an error is a line");
      continue;
    }
    if (const auto* publish = std::get_if<detail::centrifuge::PublishRequest>(&(*command)->request);
        publish != nullptr && !publish->data.data.empty())
      try_publication(publish->channel, publish->data.data);
  }
  std::string_view rest = frame;
  while (!rest.empty()) try_fields(take_until(rest, '\n'));
  return 0;
}

}  // namespace coroom::fuzz
