#include "support/websocket_client.hpp"

#include "testkit/codes.hpp"
#include "testkit/request_builder.hpp"

#include <boost/endian/conversion.hpp>

#include <array>
#include <regex>
#include <stdexcept>

namespace coroom::test {
namespace {

template <class Number>
void append_number(std::string& bytes, Number number) {
  boost::endian::native_to_big_inplace(number);
  bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

}  // namespace

int Frame::close_code() const {
  return static_cast<int>(testkit::FrameReader::close_code(payload));
}

std::string Frame::close_reason() const {
  return payload.size() < 2 ? "" : payload.substr(2);
}

std::string upgrade_request(std::uint16_t port, std::string_view target, std::string_view fields) {
  return testkit::RequestBuilder("GET", target, port)
      .field("Connection", "keep-alive, Upgrade")
      .field("Upgrade", "websocket")
      .field("Sec-WebSocket-Version", "13")
      .field("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
      .fields(fields)
      .bytes();
}

std::string masked_frame(unsigned first, std::string_view payload) {
  constexpr std::array<char, 4> mask = {'\x12', '\x34', '\x56', '\x78'};
  constexpr unsigned masked = 0x80;
  std::string frame(1, static_cast<char>(first));
  if (payload.size() <= 125) {
    frame.push_back(static_cast<char>(masked | payload.size()));
  } else if (payload.size() <= 65535) {
    frame.push_back(static_cast<char>(masked | 126));
    append_number(frame, static_cast<std::uint16_t>(payload.size()));
  } else {
    frame.push_back(static_cast<char>(masked | 127));
    append_number(frame, static_cast<std::uint64_t>(payload.size()));
  }
  frame.append(mask.data(), mask.size());
  for (std::size_t index = 0; index != payload.size(); ++index) {
    frame.push_back(static_cast<char>(payload[index] ^ mask[index % mask.size()]));
  }
  return frame;
}

std::string event_of(std::string_view line) {
  static const std::regex head(R"(^\[(?:[0-9a-f.:]+|[a-z0-9]{8})\]-\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\]-)");
  std::cmatch match;
  if (!std::regex_search(line.data(), line.data() + line.size(), match, head)) {
    throw std::runtime_error("not a line of the chat: " + std::string(line));
  }
  return std::string(line.substr(static_cast<std::size_t>(match.length())));
}

RawWebSocketClient::RawWebSocketClient(std::uint16_t port, std::string_view target, std::string_view fields,
                                       const TcpClient::TcpOptions& settings)
    : tcp_(port, settings) {
  tcp_.send(upgrade_request(port, target, fields));
  answer_ = tcp_.read_until("\r\n\r\n");
  if (!answer_.starts_with("HTTP/1.1 101 ")) throw std::runtime_error("no upgrade: " + answer_);
  // The key and its accept value are those of RFC 6455 section 1.3.
  if (answer_.find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") == std::string::npos)
    throw std::runtime_error("wrong Accept");
  const bool deflate = answer_.find("permessage-deflate") != std::string::npos;
  reader_ = testkit::FrameReader(testkit::FrameSender::server, deflate);
}

void RawWebSocketClient::send_frame(int opcode, std::string_view payload, bool final) {
  tcp_.send(masked_frame((final ? 0x80U : 0U) | static_cast<unsigned>(opcode), payload));
}

void RawWebSocketClient::send_close(int code, std::string_view reason) {
  std::string payload;
  append_number(payload, static_cast<std::uint16_t>(code));
  payload.append(reason);
  send_frame(opcode::close, payload);
}

Frame RawWebSocketClient::read() {
  while (true) {
    std::string bytes = tcp_.read_exactly(2);
    bytes += tcp_.read_exactly(testkit::FrameReader::head_size(bytes) - bytes.size());
    const testkit::FrameHead head = reader_.read_head(bytes);
    Frame frame{head.final, static_cast<int>(head.opcode), tcp_.read_exactly(head.payload_size),
                head.compressed};
    if (frame.opcode == opcode::close) testkit::FrameReader::check_close(frame.payload);
    if (frame.opcode != opcode::ping) return frame;
    send_frame(opcode::pong, frame.payload);
  }
}

std::string RawWebSocketClient::read_text() {
  Frame frame = read();
  if (frame.opcode != opcode::text || !frame.final) {
    throw std::runtime_error("not a text frame but opcode " + std::to_string(frame.opcode) + ": " +
                             frame.payload);
  }
  return std::move(frame.payload);
}

std::string RawWebSocketClient::read_event() {
  return event_of(read_text());
}

Frame RawWebSocketClient::read_close() {
  while (true) {
    Frame frame = read();
    if (frame.opcode != opcode::close) continue;
    send_frame(opcode::close, frame.payload);
    if (!tcp_.at_end()) throw std::runtime_error("bytes after the close frame");
    return frame;
  }
}

void RawWebSocketClient::leave() {
  send_close(testkit::websocket_close::normal);
  read_close();
}

}  // namespace coroom::test
