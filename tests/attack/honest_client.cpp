#include "attack/honest_client.hpp"

#include "support/websocket_client.hpp"
#include "testkit/centrifuge_commands.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace coroom::test {
namespace {

constexpr std::uint32_t first_address = 256;  // 127.0.1.1
constexpr std::size_t most_members = 1000;
constexpr std::string_view head_end = "\r\n\r\n";

std::string text_frame(std::string_view text) {
  return masked_frame(0x80U | static_cast<unsigned>(opcode::text), text);
}

/// Finds `#BY.NUMBER#` in a line. Returns none for other lines, such as announcements.
std::optional<NumberedMessage> message_in(std::string_view line) {
  const std::size_t begin = line.find('#');
  if (begin == std::string_view::npos) return std::nullopt;
  NumberedMessage said;
  const char* const end = line.data() + line.size();
  const auto [dot, ec] = std::from_chars(line.data() + begin + 1, end, said.by);
  if (ec != std::errc() || dot == end || *dot != '.') return std::nullopt;
  const auto [hash, number_ec] = std::from_chars(dot + 1, end, said.number);
  if (number_ec != std::errc() || hash == end || *hash != '#') return std::nullopt;
  return said;
}

}  // namespace

HonestClient::HonestClient(std::uint16_t port, std::size_t self, std::string room, ChatProtocol way)
    : self_(self),
      room_(std::move(room)),
      way_(way),
      socket_({port, first_address + static_cast<std::uint32_t>(self)}),
      unsent_(upgrade_request(port,
                              way == ChatProtocol::plain ? "/chat?room=" + room_ : "/connection/websocket")),
      received_numbers_(most_members) {}

bool HonestClient::on_event(std::span<char> buffer) {
  if (!flush()) return false;
  while (true) {
    const auto size = socket_.receive(buffer);
    if (!size) return fail("the server has ended the connection");
    if (*size == 0) return true;
    if (!take({buffer.data(), *size})) return false;
  }
}

bool HonestClient::send_message() {
  const std::string text = "#" + std::to_string(self_) + "." + std::to_string(++sent_) + "#";
  sent_at_.push_back(MonotonicClock::now());
  if (way_ == ChatProtocol::plain) return send(text_frame(text));
  constexpr std::uint64_t ids_before = 2;
  return send(text_frame(
      testkit::command(ids_before + sent_, "publish", testkit::publish_request(room_, '"' + text + '"'))));
}

std::uint64_t HonestClient::received_from(std::size_t member) const {
  return received_numbers_[member];
}

bool HonestClient::send(std::string_view bytes) {
  unsent_ += bytes;
  return flush();
}

bool HonestClient::flush() {
  while (!unsent_.empty()) {
    const auto taken = socket_.send(unsent_);
    if (!taken) return fail("the connection is broken");
    if (*taken == 0) break;
    unsent_.erase(0, *taken);
  }
  return true;
}

bool HonestClient::take(std::string_view bytes) {
  received_ += bytes;
  if (!upgraded_) {
    const std::size_t end = received_.find(head_end);
    if (end == std::string::npos) return true;
    if (!received_.starts_with("HTTP/1.1 101 ")) return fail(received_.substr(0, received_.find('\r')));
    received_.erase(0, end + head_end.size());
    upgraded_ = true;
    if (way_ == ChatProtocol::centrifuge && !send(text_frame(testkit::join_commands(room_)))) return false;
  }
  std::size_t done = 0;
  try {
    while (true) {
      const testkit::FrameView frame = reader_.next(std::string_view(received_).substr(done));
      if (frame.size == 0) break;
      if (!on_frame(frame.head.opcode, frame.payload)) return false;
      done += frame.size;
    }
  } catch (const testkit::FrameFault& fault) {
    return fail(fault.what());
  }
  received_.erase(0, done);
  return true;
}

bool HonestClient::on_frame(unsigned opcode, std::string_view payload) {
  if (opcode == opcode::ping) return send(masked_frame(0x80U | static_cast<unsigned>(opcode::pong), payload));
  if (opcode == opcode::close) {
    return fail("closed with " + std::to_string(testkit::FrameReader::close_code(payload)) + " " +
                std::string(payload.substr(std::min<std::size_t>(2, payload.size()))));
  }
  while (!payload.empty()) {
    const std::size_t end = way_ == ChatProtocol::centrifuge ? payload.find('\n') : std::string_view::npos;
    if (!on_line(payload.substr(0, end))) return false;
    payload.remove_prefix(end == std::string_view::npos ? payload.size() : end + 1);
  }
  return true;
}

bool HonestClient::on_line(std::string_view line) {
  if (way_ == ChatProtocol::centrifuge) {
    if (line == "{}") return send(text_frame(line));
    if (line.find(R"("error")") != std::string_view::npos) return fail(std::string(line));
  }
  // The first line of the plain chat is the client's own join.
  if (way_ == ChatProtocol::plain || line.starts_with(R"({"id":2,)")) member_ = true;
  if (const auto said = message_in(line)) receive(*said);
  return true;
}

void HonestClient::receive(const NumberedMessage& said) {
  if (said.by >= received_numbers_.size()) return;
  std::uint64_t& last = received_numbers_[said.by];
  if (said.number != last + 1)
    fail("after message " + std::to_string(last) + " of " + std::to_string(said.by) + " came " +
         std::to_string(said.number));
  last = said.number;
  if (said.by == self_ && said.number <= sent_at_.size())
    latencies_.push_back(MonotonicClock::now() - sent_at_[said.number - 1]);
}

bool HonestClient::fail(std::string why) {
  if (fault_.empty()) fault_ = std::move(why);
  return false;
}

}  // namespace coroom::test
