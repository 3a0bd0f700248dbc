// A frame of a Protobuf client of the Centrifuge protocol, and the pushes that publish its data.
#include "testkit/protobuf.hpp"

#include "centrifuge/protobuf_command.hpp"
#include "centrifuge/protobuf_reply.hpp"
#include "core/json_text.hpp"
#include "core/utf8.hpp"
#include "fuzz/require.hpp"
#include "fuzz/text.hpp"
#include "fuzz/try_input.hpp"

#include <coroom/publication.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace coroom::fuzz {
namespace {

using detail::centrifuge::Payload;
using detail::centrifuge::PublishRequest;
using detail::centrifuge::SubscribeRequest;

void try_payload(const Payload& payload) {
  const bool is_json = payload.data.empty() || detail::is_json(payload.data);
  require(is_json == (payload.kind == Message::Kind::json), "the kind of data is that of its bytes");
}

/// A subscriber receives the same bytes.
void try_publication(const PublishRequest& request) {
  const bool is_json = request.data.kind == Message::Kind::json;
  const Publication publication(is_json ? Publication::Kind::json : Publication::Kind::binary, nullptr,
                                request.data.data);
  std::string out;
  detail::centrifuge::protobuf::append_push(out, request.channel, publication);
  const auto push = testkit::ProtobufFields::of_delimited(out).message(4);
  require(push.text(2) == request.channel, "a push names the channel");
  require(push.message(4).text(4) == request.data.data, "a push contains the bytes");
}

}  // namespace

int try_input(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = text_of(data, size);
  for (;;) {
    const std::size_t before = rest.size();
    const auto command = detail::centrifuge::protobuf::take_command(rest);
    if (!command) break;
    require(rest.size() < before, "each command is taken from the frame");
    if (!*command) {
      const std::string& why = command->error().why;
      require(!why.empty() && why.find('\n') == std::string::npos, "an error is a line");
      continue;
    }
    if (const auto* publish = std::get_if<PublishRequest>(&(*command)->request)) {
      require(detail::is_utf8(publish->channel), "a channel is UTF-8");
      try_payload(publish->data);
      try_publication(*publish);
    }
    if (const auto* subscribe = std::get_if<SubscribeRequest>(&(*command)->request)) {
      require(detail::is_utf8(subscribe->channel), "a channel is UTF-8");
      try_payload(subscribe->data);
    }
  }
  require(rest.empty(), "the whole frame is read");
  return 0;
}

}  // namespace coroom::fuzz
