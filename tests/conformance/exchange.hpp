#pragma once

#include "support/websocket_client.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coroom::test {

/// A frame that the echo must send.
struct ExpectedFrame {
  int opcode = opcode::text;
  std::string payload;
};

/// Bytes for the echo, and all frames that it must send.
struct Exchange {
  std::string section;  ///< of the standard; with `name`, the name of the test
  std::string name;
  std::string sent;
  std::vector<ExpectedFrame> answers;
  int close_code = 0;   ///< expected code; 0: the connection stays open
  std::string offer{};  ///< of extensions
};

void PrintTo(const Exchange& exchange, std::ostream* out);

/// The segmentation of the bytes.
enum class Delivery { at_once, byte_by_byte };

/// Plays the exchange, and fails the test unless all frames match.
void play(const Exchange& exchange, Delivery delivery);

/// A test case.
using Delivered = std::pair<Exchange, Delivery>;

/// Combines each exchange with both deliveries, and a long one with `at_once` only.
std::vector<Delivered> delivered(const std::vector<Exchange>& exchanges);

std::string name_of(const testing::TestParamInfo<Delivered>& test);

// First bytes of frames (RFC 6455 section 5.2).
namespace first {
constexpr unsigned final = 0x80;
constexpr unsigned text = 0x81;
constexpr unsigned binary = 0x82;
constexpr unsigned close = 0x88;
constexpr unsigned ping = 0x89;
constexpr unsigned pong = 0x8a;
constexpr unsigned text_begins = 0x01;
constexpr unsigned binary_begins = 0x02;
constexpr unsigned goes_on = 0x00;
constexpr unsigned ends = 0x80;
}  // namespace first

/// The payload of a close frame.
std::string close_payload(int code, std::string_view reason = "");

/// A text message in fragments.
std::string fragmented(const std::vector<std::string>& parts, unsigned first_byte = first::text_begins);

/// Returns bytes as hexadecimal digits.
std::string hex(std::string_view bytes);

}  // namespace coroom::test
