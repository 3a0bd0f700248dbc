#include "support/running_application.hpp"
#include "support/websocket_client.hpp"

#include <coroom/websocket_client.hpp>
#include <coroom/websocket_handler.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <zlib.h>

namespace coroom::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";

/// Echoes its messages, but broadcasts those that begin with "all:" to the room of all clients.
class SqueezingHandler : public WebSocketHandler {
 public:
  explicit SqueezingHandler(std::optional<CompressionOptions> options) : options_(options) {}

  [[nodiscard]] std::optional<CompressionOptions> get_compression_options() const override {
    return options_;
  }
  [[nodiscard]] std::size_t max_message_size() const override { return std::size_t{1} << 20; }

  task<> open() override { membership_ = (co_await application().room("all").join(*this)).value(); }

  task<> on_message(Message message) override {
    if (message.data.starts_with("all:")) {
      co_await membership_.publish(std::move(message));
    } else {
      co_await write_message(message);
    }
  }

 private:
  std::optional<CompressionOptions> options_;
  Membership membership_;
};

/// Inflates a payload by zlib alone (RFC 7692 section 7.2.2).
std::string inflated(std::string payload, int window_bits = 15) {
  payload.append("\x00\x00\xff\xff", 4);
  z_stream zlib{};
  if (inflateInit2(&zlib, -window_bits) != Z_OK) throw std::runtime_error("inflateInit2");
  std::string output(std::size_t{4} << 20, '\0');
  zlib.next_in = reinterpret_cast<Bytef*>(payload.data());
  zlib.avail_in = static_cast<uInt>(payload.size());
  zlib.next_out = reinterpret_cast<Bytef*>(output.data());
  zlib.avail_out = static_cast<uInt>(output.size());
  const int verdict = inflate(&zlib, Z_SYNC_FLUSH);
  output.resize(zlib.total_out);
  inflateEnd(&zlib);
  if (verdict != Z_OK) throw std::runtime_error("inflate: " + std::to_string(verdict));
  return output;
}

/// Deflates a message by zlib alone.
std::string deflated(const std::string& message) {
  z_stream zlib{};
  deflateInit2(&zlib, Z_BEST_COMPRESSION, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY);
  std::string output(deflateBound(&zlib, message.size()) + 16, '\0');
  std::string input = message;
  zlib.next_in = reinterpret_cast<Bytef*>(input.data());
  zlib.avail_in = static_cast<uInt>(input.size());
  zlib.next_out = reinterpret_cast<Bytef*>(output.data());
  zlib.avail_out = static_cast<uInt>(output.size());
  deflate(&zlib, Z_SYNC_FLUSH);
  output.resize(zlib.total_out - 4);
  deflateEnd(&zlib);
  return output;
}

class CompressionTest : public testing::Test {
 protected:
  RunningApplication app_{{route<SqueezingHandler>("/squeezed", CompressionOptions(9, 9)),
                           route<SqueezingHandler>("/plain", std::nullopt),
                           route<SqueezingHandler>("/wrong", CompressionOptions(10, 8))}};
  std::string text_ = [] {
    std::string text;
    for (int line = 0; line != 200; ++line) text += "line " + std::to_string(line) + " of a long message\n";
    return text;
  }();
};

TEST_F(CompressionTest, IsOffWithoutOptionsOfHandler) {
  RawWebSocketClient client(app_.port(), "/plain", offer);
  EXPECT_THAT(client.answer(), Not(HasSubstr("Sec-WebSocket-Extensions")));
  client.send_text(text_);
  EXPECT_EQ(client.read_text(), text_);
}

TEST_F(CompressionTest, IsOffWithoutOfferOfClient) {
  RawWebSocketClient client(app_.port(), "/squeezed");
  EXPECT_THAT(client.answer(), Not(HasSubstr("Sec-WebSocket-Extensions")));
  client.send_text(text_);
  EXPECT_EQ(client.read_text(), text_);
}

TEST_F(CompressionTest, CompressesInBothDirections) {
  RawWebSocketClient client(app_.port(), "/squeezed", offer);
  EXPECT_THAT(client.answer(), HasSubstr("permessage-deflate; server_no_context_takeover"));
  for (int time = 0; time != 3; ++time) {
    client.tcp().send(masked_frame(0xc0U | opcode::text, deflated(text_)));
    const Frame frame = client.read();
    EXPECT_TRUE(frame.compressed);
    EXPECT_EQ(frame.opcode, opcode::text);
    EXPECT_LT(frame.payload.size(), text_.size() / 4);
    EXPECT_EQ(inflated(frame.payload), text_) << "each message is compressed independently";
  }
}

TEST_F(CompressionTest, SendsIncompressibleMessagesPlain) {
  RawWebSocketClient client(app_.port(), "/squeezed", offer);
  std::string noise;
  for (unsigned number = 1; noise.size() < 4000; number = number * 1664525U + 1013904223U)
    noise.push_back(static_cast<char>(number >> 24U));
  for (const std::string& data : {std::string("short"), std::string(), noise}) {
    client.send_frame(opcode::binary, data);
    const Frame frame = client.read();
    EXPECT_FALSE(frame.compressed);
    EXPECT_EQ(frame.payload, data);
  }
}

TEST_F(CompressionTest, RespectsServerMaxWindowBits) {
  RawWebSocketClient client(app_.port(), "/squeezed",
                            "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=9\r\n");
  EXPECT_THAT(client.answer(), HasSubstr("server_max_window_bits=9"));
  client.send_text(text_);
  const Frame frame = client.read();
  EXPECT_TRUE(frame.compressed);
  EXPECT_EQ(inflated(frame.payload, 9), text_);
}

TEST_F(CompressionTest, SendsFormatOfEachMember) {
  RawWebSocketClient squeezed(app_.port(), "/squeezed", offer);
  RawWebSocketClient narrow(app_.port(), "/squeezed",
                            "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=10\r\n");
  RawWebSocketClient plain(app_.port(), "/plain", offer);
  for (RawWebSocketClient* member : {&squeezed, &narrow, &plain}) {  // after an echo it is a member
    member->send_text("here");
    EXPECT_EQ(member->read_text(), "here");
  }
  plain.send_text("all:" + text_);
  EXPECT_EQ(plain.read_text(), "all:" + text_);
  EXPECT_EQ(inflated(squeezed.read().payload), "all:" + text_);
  EXPECT_EQ(inflated(narrow.read().payload, 10), "all:" + text_);
}

TEST_F(CompressionTest, ClosesOnDecompressionBomb) {
  RawWebSocketClient client(app_.port(), "/squeezed", offer);
  const std::string bomb = deflated(std::string(std::size_t{16} << 20, 'a'));
  ASSERT_LT(bomb.size(), 64 * 1024);
  client.tcp().send(masked_frame(0xc0U | opcode::text, bomb));
  EXPECT_EQ(client.read_close().close_code(), close_code::too_big);
}

TEST_F(CompressionTest, ClosesOnInvalidDeflateData) {
  RawWebSocketClient client(app_.port(), "/squeezed", offer);
  client.tcp().send(masked_frame(0xc0U | opcode::text, std::string(100, '\xff')));
  EXPECT_EQ(client.read_close().close_code(), close_code::bad_payload);
  EXPECT_EQ(app_->counters().get(Counter::websocket_errors), 1);
}

TEST_F(CompressionTest, RejectsCompressedFrameIfNotNegotiated) {
  RawWebSocketClient client(app_.port(), "/squeezed");
  client.tcp().send(masked_frame(0xc0U | opcode::text, deflated(text_)));
  EXPECT_EQ(client.read_close().close_code(), close_code::protocol_error);
}

TEST_F(CompressionTest, FailsHandshakeOnInvalidOptions) {
  TcpClient client(app_.port());
  client.send(upgrade_request(app_.port(), "/wrong"));
  EXPECT_THAT(client.read_until("\r\n\r\n"), HasSubstr("HTTP/1.1 500 "));
}

TEST_F(CompressionTest, WorksWithWebSocketClient) {
  boost::asio::io_context io(1);
  const auto talk = [](std::uint16_t port, std::string text) -> task<> {
    ConnectOptions options;
    options.compression.emplace();
    auto client = co_await websocket_connect("ws://127.0.0.1:" + std::to_string(port) + "/squeezed", options);
    EXPECT_TRUE(client);
    for (int time = 0; client && time != 3; ++time) {
      co_await client->write_message(text);
      const auto echo = co_await client->read_message();
      EXPECT_TRUE(echo && echo->data == text);
    }
  };
  auto done = boost::asio::co_spawn(io, talk(app_.port(), text_), boost::asio::use_future);
  io.run();
  done.get();
}

}  // namespace
}  // namespace coroom::test
