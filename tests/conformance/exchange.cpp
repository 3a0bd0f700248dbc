#include "conformance/exchange.hpp"

#include "conformance/deflate.hpp"
#include "conformance/echo.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace coroom::test {
namespace {

void deliver(TcpClient& tcp, std::string_view bytes, Delivery delivery) {
  if (delivery == Delivery::at_once) return tcp.send(bytes);
  for (const char& byte : bytes) tcp.send({&byte, 1});
}

}  // namespace

void PrintTo(const Exchange& exchange, std::ostream* out) {
  *out << exchange.section << ' ' << exchange.name;
}

void play(const Exchange& exchange, Delivery delivery) {
  EchoClient client(exchange.offer.empty() ? "" : "Sec-WebSocket-Extensions: " + exchange.offer + "\r\n");
  try {
    deliver(client.tcp(), exchange.sent, delivery);
  } catch (const std::runtime_error&) {
    // The server may have closed already.
    if (exchange.close_code == 0) throw;
  }
  for (const ExpectedFrame& answer : exchange.answers) {
    const Frame frame = client.read();
    EXPECT_TRUE(frame.final);
    ASSERT_EQ(frame.opcode, answer.opcode) << frame.payload.substr(0, 200);
    const std::string payload = frame.compressed ? inflated(frame.payload) : frame.payload;
    EXPECT_TRUE(payload == answer.payload)
        << payload.size() << " bytes, " << hex(payload.substr(0, 50)) << ", for " << answer.payload.size()
        << " bytes, " << hex(answer.payload.substr(0, 50));
  }
  if (exchange.close_code == 0) {
    expect_open(client);
  } else {
    expect_closed(client, exchange.close_code);
  }
}

std::vector<Delivered> delivered(const std::vector<Exchange>& exchanges) {
  constexpr std::size_t longest_in_bytes = 600;
  std::vector<Delivered> all;
  for (const Exchange& exchange : exchanges) {
    all.emplace_back(exchange, Delivery::at_once);
    if (exchange.sent.size() <= longest_in_bytes) all.emplace_back(exchange, Delivery::byte_by_byte);
  }
  return all;
}

std::string name_of(const testing::TestParamInfo<Delivered>& test) {
  const auto& [exchange, delivery] = test.param;
  return exchange.section + "_" + exchange.name + (delivery == Delivery::byte_by_byte ? "_ByteByByte" : "");
}

std::string close_payload(int code, std::string_view reason) {
  const auto number = static_cast<unsigned>(code);
  return std::string{static_cast<char>(number >> 8U), static_cast<char>(number & 0xffU)}.append(reason);
}

std::string fragmented(const std::vector<std::string>& parts, unsigned first_byte) {
  std::string frames;
  for (std::size_t index = 0; index != parts.size(); ++index) {
    const unsigned final = index + 1 == parts.size() ? first::final : 0;
    frames += masked_frame((index == 0 ? first_byte : first::goes_on) | final, parts[index]);
  }
  return frames;
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char each : bytes) {
    const auto byte = static_cast<unsigned char>(each);
    text.push_back(digits[byte >> 4U]);
    text.push_back(digits[byte & 0x0fU]);
  }
  return text;
}

}  // namespace coroom::test
