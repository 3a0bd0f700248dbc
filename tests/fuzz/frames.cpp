// Messages between this library and a client of Beast, in both directions, with any compression, after our
// handshake.
#include "core/utf8.hpp"
#include "fuzz/require.hpp"
#include "fuzz/try_input.hpp"
#include "websocket/frame.hpp"
#include "websocket/handshake.hpp"
#include "websocket/message_reader.hpp"

#include <coroom/compression.hpp>
#include <coroom/frame_writer.hpp>
#include <coroom/message.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/_experimental/test/stream.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fuzzer/FuzzedDataProvider.h>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace coroom::fuzz {
namespace {

namespace beast = boost::beast;
using beast::websocket::permessage_deflate;

constexpr std::size_t longest = 100'000;  // bytes; more than any message here

/// Returns the value of a header field of the request.
std::string field(std::string_view request, std::string_view name) {
  const std::size_t begin = request.find("\r\n" + std::string(name) + ": ");
  if (begin == std::string_view::npos) return {};
  const std::string_view rest = request.substr(begin + 2 + name.size() + 2);
  return std::string(rest.substr(0, rest.find("\r\n")));
}

/// A client of Beast, and the bytes between the client and the server.
class BeastClient {
 public:
  BeastClient(const permessage_deflate& offer, const CompressionOptions& wanted) {
    ws_.set_option(offer);
    ws_.read_message_max(longest);
    ws_.next_layer().connect(server_);
    run([this](auto done) { ws_.async_handshake("example.org", "/", std::move(done)); },
        [&] { answer(wanted); });
  }

  [[nodiscard]] const std::optional<detail::websocket::Compression>& compression() const {
    return compression_;
  }
  beast::websocket::stream<beast::test::stream>& ws() { return ws_; }

  void receive(std::string_view bytes) { boost::asio::write(server_, boost::asio::buffer(bytes)); }

  /// Reads into a buffer that is larger than any message, because Beast 1.81 fails if an inflated message
  /// fills the buffer.
  Message read() {
    beast::flat_buffer buffer;
    do {
      const auto room = buffer.prepare(longest + 1 - buffer.size());
      std::size_t size = 0;
      run([&](auto done) {
        ws_.async_read_some(room,
                            [&size, done = std::move(done)](beast::error_code ec, std::size_t read) mutable {
                              size = read;
                              done(ec);
                            });
      });
      buffer.commit(size);
    } while (!ws_.is_message_done());
    return {ws_.got_text() ? Message::Kind::text : Message::Kind::binary,
            beast::buffers_to_string(buffer.data())};
  }

  beast::websocket::close_reason read_close() {
    beast::flat_buffer buffer;
    beast::error_code ended;
    ws_.async_read(buffer, [&](beast::error_code ec, std::size_t) { ended = ec; });
    poll();
    require(ended == beast::websocket::error::closed, "the client receives the close frame");
    return ws_.reason();
  }

  void write(const Message& message) {
    ws_.binary(message.kind == Message::Kind::binary);
    run([&](auto done) { ws_.async_write(boost::asio::buffer(message.data), std::move(done)); });
  }

  /// Returns the bytes that the client has sent since the last call.
  std::string sent() {
    std::string bytes(server_.str());
    server_.clear();
    return bytes;
  }

 private:
  void answer(const CompressionOptions& wanted) {
    const std::string request = sent();
    detail::websocket::Handshake handshake;
    handshake.key = field(request, "Sec-WebSocket-Key");
    handshake.extensions = field(request, "Sec-WebSocket-Extensions");
    compression_ = detail::websocket::agree(handshake.extensions, wanted);
    receive(detail::websocket::switching_protocols(handshake, compression_));
  }

  void poll() {
    context_.restart();
    context_.poll();
  }

  /// Starts an operation and completes it without waiting. Its input has arrived, or `meanwhile` provides it.
  void run(const auto& begin, const auto& meanwhile) {
    std::optional<beast::error_code> result;
    begin([&result](beast::error_code ec, auto...) { result = ec; });
    poll();
    meanwhile();
    poll();
    require(result && !*result, "Beast completes the operation");
  }
  void run(const auto& begin) {
    run(begin, [] {});
  }

  boost::asio::io_context context_{1};
  beast::websocket::stream<beast::test::stream> ws_{context_};
  beast::test::stream server_{context_};
  std::optional<detail::websocket::Compression> compression_;
};

std::vector<Message> messages_in(FuzzedDataProvider& input) {
  std::vector<Message> messages;
  constexpr std::size_t most = 8;
  while (input.remaining_bytes() != 0 && messages.size() != most) {
    std::string part = input.ConsumeRandomLengthString(1024);
    std::string data;
    for (int times = input.ConsumeIntegralInRange(0, 80); times != 0; --times) data += part;
    const bool text = input.ConsumeBool() && detail::is_utf8(data);
    messages.emplace_back(text ? Message::Kind::text : Message::Kind::binary, std::move(data));
  }
  return messages;
}

bool same(const Message& one, const Message& other) {
  return one.kind == other.kind && one.data == other.data;
}

void from_server(BeastClient& client, const std::vector<Message>& messages) {
  std::string block;
  FrameWriter out(block,
                  client.compression() ? Framing{.deflate = client.compression()->to_client} : Framing());
  for (const Message& message : messages) {
    detail::websocket::append_frame(block, detail::websocket::Opcode::ping, "ping");
    out.write(message.kind, message.data);
  }
  detail::websocket::append_close_frame(block, Disconnect(close_code::going_away, "bye"));
  client.receive(block);
  for (const Message& message : messages) require(same(client.read(), message), "Beast reads what we wrote");
  const auto reason = client.read_close();
  require(reason.code == close_code::going_away && reason.reason == "bye", "and the close frame");
}

void from_client(BeastClient& client, const std::vector<Message>& messages, std::size_t chunk) {
  using detail::websocket::MessageReader;
  const auto inflation = !client.compression()                       ? MessageReader::Inflation::none
                         : client.compression()->client_keeps_window ? MessageReader::Inflation::with_a_window
                                                                     : MessageReader::Inflation::each;
  MessageReader reader(longest, inflation);
  for (const Message& message : messages) {
    client.write(message);
    std::string bytes = client.sent();
    std::optional<MessageReader::Received> event;
    for (std::size_t begin = 0; begin < bytes.size(); begin += chunk) {
      std::span<char> data = std::span(bytes).subspan(begin, std::min(chunk, bytes.size() - begin));
      require(!event, "a message ends with its bytes");
      event = reader.next(data);
      require(data.empty(), "all bytes are consumed");
    }
    require(event && std::holds_alternative<Message>(*event) && same(std::get<Message>(*event), message),
            "we read what Beast wrote");
  }
}

}  // namespace

int try_input(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider input(data, size);
  permessage_deflate offer;
  offer.client_enable = input.ConsumeBool();
  offer.server_max_window_bits = input.ConsumeIntegralInRange(9, 15);
  offer.client_max_window_bits = input.ConsumeIntegralInRange(9, 15);
  offer.server_no_context_takeover = input.ConsumeBool();
  offer.client_no_context_takeover = input.ConsumeBool();
  offer.compLevel = input.ConsumeIntegralInRange(0, 9);
  CompressionOptions wanted(input.ConsumeIntegralInRange(1, 9), input.ConsumeIntegralInRange(1, 9));
  wanted.threshold = input.ConsumeIntegral<std::uint8_t>();
  const std::size_t fragment = input.ConsumeIntegralInRange<std::size_t>(8, 4096);
  const std::size_t chunk = input.ConsumeIntegralInRange<std::size_t>(1, 70'000);
  const std::vector<Message> messages = messages_in(input);

  BeastClient client(offer, wanted);
  require(client.compression().has_value() == offer.client_enable,
          "compression is agreed on where it is offered");
  client.ws().write_buffer_bytes(fragment);
  from_client(client, messages, chunk);
  from_server(client, messages);
  return 0;
}

}  // namespace coroom::fuzz
