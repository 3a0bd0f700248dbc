// The bytes that a client sends over a WebSocket. The input: the kind of inflation, the size of the chunks in
// which the bytes arrive, and the bytes.
#include "core/utf8.hpp"
#include "fuzz/require.hpp"
#include "fuzz/text.hpp"
#include "fuzz/try_input.hpp"
#include "websocket/message_reader.hpp"
#include "websocket/outgoing.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace coroom::fuzz {
namespace {

using namespace coroom::detail::websocket;

constexpr std::size_t longest = 1024;

std::string describe(const Message& message) {
  require(message.data.size() <= longest, "a message has its limit");
  const bool text = message.kind == Message::Kind::text;
  if (text) require(detail::is_utf8(message.data), "text is UTF-8");
  return (text ? "text " : "binary ") + message.data;
}

std::string describe(const Control& control) {
  require(control.payload.size() <= longest_control, "a control frame has its limit");
  require(control.opcode == Opcode::ping || control.opcode == Opcode::pong, "it is a ping or a pong");
  return (control.opcode == Opcode::ping ? "ping " : "pong ") + control.payload;
}

std::string describe(const CloseFrame& frame) {
  const Disconnect& why = frame.disconnect;
  require(why.code == close_code::no_status || may_be_sent(why.code), "a close code may be sent back");
  require(why.reason.size() <= longest_control - 2, "a reason fits into its frame");
  require(detail::is_utf8(why.reason), "a reason is UTF-8");
  return "close " + std::to_string(why.code) + ' ' + std::string(why.reason);
}

std::string describe(const Violation& violation) {
  require(may_be_sent(violation.disconnect.code), "a violation's code may be sent");
  return "violation " + std::to_string(violation.disconnect.code);
}

bool is_last(const MessageReader::Received& event) {
  return std::holds_alternative<CloseFrame>(event) || std::holds_alternative<Violation>(event);
}

std::vector<std::string> read(std::string bytes, MessageReader::Inflation inflation, std::size_t chunk) {
  MessageReader reader(longest, inflation);
  std::vector<std::string> events;
  for (std::size_t begin = 0; begin < bytes.size(); begin += chunk) {
    std::span<char> data = std::span(bytes).subspan(begin, std::min(chunk, bytes.size() - begin));
    while (const auto event = reader.next(data)) {
      events.push_back(std::visit([](const auto& received) { return describe(received); }, *event));
      if (is_last(*event)) return events;
    }
    require(data.empty(), "all bytes are consumed");
  }
  return events;
}

}  // namespace

int try_input(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return -1;
  const auto inflation = static_cast<MessageReader::Inflation>(data[0] % 3);
  const std::size_t chunk = 1 + data[1];
  const std::string bytes(text_of(data + 2, size - 2));
  require(read(bytes, inflation, chunk) == read(bytes, inflation, bytes.size() + 1),
          "how bytes arrive does not matter");
  return 0;
}

}  // namespace coroom::fuzz
