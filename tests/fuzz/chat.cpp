// Lines of the plain chat in each framing, messages of the page, and names of guests. The input: the name of
// the room in a line, then the data.
#include "core/utf8.hpp"
#include "fuzz/require.hpp"
#include "fuzz/text.hpp"
#include "fuzz/try_input.hpp"
#include "protocol/chat_message.hpp"
#include "protocol/plain_encoder.hpp"
#include "server/guest_name.hpp"

#include <coroom/client_info.hpp>
#include <coroom/framing.hpp>
#include <coroom/publication.hpp>
#include <coroom/room_name.hpp>

#include <boost/beast/websocket/detail/utf8_checker.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace coroom::fuzz {
namespace {

using Kind = Publication::Kind;

/// Returns whether the plain chat shows the publication. Binary data needs frames, and only the page shows
/// reactions.
bool is_shown(const Publication& publication, const Framing& framing) {
  using Form = detail::protocol::ChatMessage::Form;
  if (publication.kind == Kind::binary) return framing.kind == Framing::Kind::websocket;
  if (publication.kind != Kind::json) return true;
  const Form form = detail::protocol::show_chat_message(publication.data).form;
  return form != Form::reaction && form != Form::removed;
}

std::string encoded(const Publication& publication, const Framing& framing) {
  std::string block;
  FrameWriter out(block, framing);
  detail::protocol::PlainEncoder().encode("room", publication, out);
  require(out.messages() == (is_shown(publication, framing) ? 1 : 0), "a publication is a message");
  return block;
}

/// Returns the data of the only event that a browser would dispatch (HTML, section 9.2.6).
std::string data_of(std::string_view event) {
  std::string data;
  require(event.ends_with("\n\n"), "an event ends with an empty line");
  event.remove_suffix(1);
  while (!event.empty()) {
    const std::string_view line = take_until(event, '\n');
    require(line.starts_with("data: ") && line.find('\r') == std::string_view::npos, "each line is data");
    data.append(line.substr(6)).append("\n");
  }
  data.pop_back();
  return data;
}

/// Returns the text with line feeds for all line breaks.
std::string with_line_feeds(std::string_view text) {
  std::string all;
  for (std::size_t index = 0; index != text.size(); ++index) {
    if (text[index] == '\n' && index != 0 && text[index - 1] == '\r') continue;
    all += text[index] == '\r' ? '\n' : text[index];
  }
  return all;
}

/// A message of the page refers to an offset, and is a JSON object for other parsers too.
void try_message(std::string_view data) {
  using Form = detail::protocol::ChatMessage::Form;
  const auto message = detail::protocol::read_chat_message(data);
  if (message.form == Form::other || message.form == Form::malformed) return;
  require(message.form == Form::message || message.offset != 0, "an offset begins at 1");
  boost::system::error_code ec;
  const auto value = boost::json::parse({data.data(), data.size()}, ec);
  require(!ec && value.is_object(), "it is an object");
}

void try_name(std::string_view text) {
  const auto name = server::guest_name(text);
  if (!name) return;
  require(detail::is_printable_utf8(*name) && !name->empty(), "a name can be printed");
  require(server::guest_name(*name) == *name, "a valid name is unchanged");
}

}  // namespace

int try_input(const std::uint8_t* data, std::size_t size) {
  std::string_view text = text_of(data, size);
  const std::string_view name = take_until(text, '\n');
  require(detail::is_utf8(text) == boost::beast::websocket::detail::check_utf8(text.data(), text.size()),
          "Beast agrees about UTF-8");
  if (is_room_name(name))
    require(name.size() <= longest_room_name && detail::is_printable_utf8(name),
            "the name of a room can be printed");

  for (const Kind kind : {Kind::join, Kind::leave, Kind::text, Kind::binary, Kind::json}) {
    const Publication publication(kind, std::make_shared<ClientInfo>("192.0.2.1"), std::string(text));
    const std::string frame = encoded(publication, {});
    const std::string line = encoded(publication, {.kind = Framing::Kind::lines});
    const std::string event = encoded(publication, {.kind = Framing::Kind::events});
    if (kind == Kind::binary) {
      require(frame.ends_with(text), "binary data is unchanged");
      continue;
    }
    if (!is_shown(publication, {})) continue;
    require(frame.ends_with(std::string_view(line).substr(0, line.size() - 1)), "a frame contains the line");
    require(data_of(event) == with_line_feeds(std::string_view(line).substr(0, line.size() - 1)),
            "an event contains the line");
  }
  try_message(text);
  try_name(text);
  return 0;
}

}  // namespace coroom::fuzz
