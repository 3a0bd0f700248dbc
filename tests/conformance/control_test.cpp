// Control frames and the closing handshake: RFC 6455 sections 5.5 and 7.

#include "conformance/echo.hpp"
#include "conformance/exchange.hpp"

namespace coroom::test {
namespace {

class ControlFrames : public testing::TestWithParam<Delivered> {};

TEST_P(ControlFrames, FollowsStandard) {
  play(GetParam().first, GetParam().second);
}

/// Returns this number of bytes, through all values.
std::string bytes(std::size_t size) {
  std::string all(size, '\0');
  for (std::size_t index = 0; index != size; ++index) all[index] = static_cast<char>(255 - index);
  return all;
}

void add_pings(std::vector<Exchange>& all) {
  for (std::size_t size = 0; size <= 125; ++size) {
    all.push_back({"S5_5_2",
                   "PingOf" + std::to_string(size),
                   masked_frame(first::ping, bytes(size)),
                   {{opcode::pong, bytes(size)}}});
  }
  for (const std::size_t size : {0U, 1U, 124U, 125U}) {
    all.push_back(
        {"S5_5_3", "UnsolicitedPongOf" + std::to_string(size), masked_frame(first::pong, bytes(size)), {}});
    all.push_back({"S5_5_3",
                   "UnsolicitedPongThenPingOf" + std::to_string(size),
                   masked_frame(first::pong, bytes(size)) + masked_frame(first::ping, "p"),
                   {{opcode::pong, "p"}}});
  }
  for (const int count : {2, 10, 100, 1000}) {
    Exchange pings{"S5_5_2", std::to_string(count) + "PingsInOrder", "", {}};
    Exchange pongs{"S5_5_3", std::to_string(count) + "Pongs", "", {}};
    for (int index = 0; index != count; ++index) {
      pings.sent += masked_frame(first::ping, std::to_string(index));
      pings.answers.push_back({opcode::pong, std::to_string(index)});
      pongs.sent += masked_frame(first::pong, std::to_string(index));
    }
    all.push_back(pings);
    all.push_back(pongs);
  }
  all.push_back(
      {"S5_5_2", "PingWithoutUtf8", masked_frame(first::ping, "\xff\xc0"), {{opcode::pong, "\xff\xc0"}}});
}

void add_forbidden(std::vector<Exchange>& all) {
  for (const auto& [first_byte, name] :
       {std::pair{first::close, "Close"}, {first::ping, "Ping"}, {first::pong, "Pong"}}) {
    for (const std::size_t size : {126U, 127U, 128U, 1000U, 65535U, 65536U})
      all.push_back({"S5_5",
                     name + std::string("Of") + std::to_string(size),
                     masked_frame(first_byte, bytes(size)),
                     {},
                     1002});
    const unsigned begins = first_byte & ~first::final;
    all.push_back({"S5_5",
                   name + std::string("InFragments"),
                   masked_frame(begins, "") + masked_frame(first::ends, ""),
                   {},
                   1002});
    all.push_back({"S5_5", name + std::string("InFragmentsWithData"), masked_frame(begins, "xy"), {}, 1002});
    all.push_back({"S5_5",
                   name + std::string("InFragmentsInsideAMessage"),
                   masked_frame(first::text_begins, "a") + masked_frame(begins, "xy"),
                   {},
                   1002});
    all.push_back({"S5_5",
                   name + std::string("WithALengthOf16Bits"),
                   std::string{static_cast<char>(first_byte)} + std::string("\xfe\x00\x02\0\0\0\0xy", 9),
                   {},
                   1002});
  }
}

std::vector<Exchange> controls() {
  std::vector<Exchange> all;
  add_pings(all);
  add_forbidden(all);
  return all;
}

INSTANTIATE_TEST_SUITE_P(Rfc6455, ControlFrames, testing::ValuesIn(delivered(controls())), name_of);

class Closing : public testing::TestWithParam<Delivered> {};

TEST_P(Closing, FollowsStandard) {
  play(GetParam().first, GetParam().second);
}

std::string close(int code, std::string_view reason = "") {
  return masked_frame(first::close, close_payload(code, reason));
}

void add_codes(std::vector<Exchange>& all) {
  for (const int code : {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012,
                         1013, 1014, 3000, 3001, 3500, 3999, 4000, 4001, 4500, 4999}) {
    all.push_back({"S7_4", "Code" + std::to_string(code), close(code), {}, code});
    all.push_back({"S7_4", "CodeWithReason" + std::to_string(code), close(code, "reason"), {}, code});
  }
  for (const int code : {0,    1,    2,    125,  255,  256,  500,   998,   999,   1004,  1005,  1006,
                         1015, 1016, 1017, 1020, 1050, 1099, 1100,  1500,  1999,  2000,  2001,  2500,
                         2998, 2999, 5000, 5001, 6000, 9999, 10000, 32767, 32768, 65000, 65534, 65535}) {
    all.push_back({"S7_4", "ForbiddenCode" + std::to_string(code), close(code), {}, 1002});
    all.push_back(
        {"S7_4", "ForbiddenCodeWithReason" + std::to_string(code), close(code, "reason"), {}, 1002});
  }
}

void add_payloads(std::vector<Exchange>& all) {
  all.push_back({"S5_5_1", "WithoutPayload", masked_frame(first::close, ""), {}, 1005});
  for (const char byte : {'\x00', '\x03', '\xe8', '\xff'})
    all.push_back(
        {"S5_5_1", "HalfACode" + hex({&byte, 1}), masked_frame(first::close, {&byte, 1}), {}, 1002});
  for (const std::size_t size : {1U, 2U, 50U, 122U, 123U})
    all.push_back(
        {"S5_5_1", "ReasonOf" + std::to_string(size), close(1000, std::string(size, 'r')), {}, 1000});
  for (const std::size_t size : {124U, 125U, 200U, 70000U})
    all.push_back({"S5_5", "ReasonOf" + std::to_string(size), close(1000, std::string(size, 'r')), {}, 1002});
  for (const std::string_view reason :
       {"\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x91\x8b", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"})
    all.push_back({"S7_1_6", "Utf8Reason" + hex(reason), close(1000, reason), {}, 1000});
  for (const std::string_view reason :
       {"\x80", "\xff", "\xc0\xaf", "\xc3", "ok\xe2\x82", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf0\x9f\x91",
        "a\xfe"
        "b"})
    all.push_back({"S8_1", "ReasonWithoutUtf8" + hex(reason), close(1000, reason), {}, 1007});
}

void add_order(std::vector<Exchange>& all) {
  const std::string message = masked_frame(first::text, "m");
  const ExpectedFrame echoed{opcode::text, "m"};
  all.insert(
      all.end(),
      {{"S5_5_1", "BehindAMessage", message + close(1000), {echoed}, 1000},
       {"S5_5_1",
        "BehindMessages",
        message + message + message + close(1000),
        {echoed, echoed, echoed},
        1000},
       {"S5_5_1", "BehindAPing", masked_frame(first::ping, "p") + close(1000), {{opcode::pong, "p"}}, 1000},
       {"S5_5_1", "ThenAMessage", close(1000) + message, {}, 1000},
       {"S5_5_1", "ThenAPing", close(1000) + masked_frame(first::ping, "p"), {}, 1000},
       {"S5_5_1", "ThenAFragment", close(1000) + masked_frame(first::text_begins, "f"), {}, 1000},
       {"S5_5_1", "ThenAnotherClose", close(1000) + close(1001), {}, 1000},
       {"S5_5_1", "ThenAForbiddenClose", close(1000) + close(1005), {}, 1000},
       {"S5_5_1", "ThenAnUnmaskedFrame", close(1000) + std::string("\x81\x01x"), {}, 1000},
       {"S5_5_1", "ThenRubbish", close(1000) + std::string(300, '\xff'), {}, 1000},
       {"S5_5_1", "InsideAMessage", masked_frame(first::text_begins, "f") + close(1000), {}, 1000},
       {"S5_5_1",
        "InsideAMessageThatEnds",
        masked_frame(first::text_begins, "f") + close(1000) + masked_frame(first::ends, "g"),
        {},
        1000},
       {"S7_1_7", "AFaultThenAMessage", masked_frame(0x83, "") + message, {}, 1002},
       {"S7_1_7", "AFaultThenAPing", masked_frame(0x83, "") + masked_frame(first::ping, "p"), {}, 1002},
       {"S7_1_7", "AFaultThenAClose", masked_frame(0x83, "") + close(1000), {}, 1002},
       {"S7_1_7",
        "AFaultThenAnotherFault",
        masked_frame(0x83, "") + masked_frame(first::text, "\xff"),
        {},
        1002},
       {"S7_1_7", "AFaultBehindAMessage", message + masked_frame(0x83, ""), {echoed}, 1002}});
}

std::vector<Exchange> closes() {
  std::vector<Exchange> all;
  add_codes(all);
  add_payloads(all);
  add_order(all);
  return all;
}

INSTANTIATE_TEST_SUITE_P(Rfc6455, Closing, testing::ValuesIn(delivered(closes())), name_of);

// The server closes the TCP connection first and at once, so TIME_WAIT is on its side.
TEST(Rfc6455S7_1_1Closing, EndsTcpConnectionByServer) {
  EchoClient client;
  client.send_close(1000, "bye");
  expect_closed(client, 1000);
}

TEST(Rfc6455S7_1_5Closing, EchoesCloseWithoutCode) {
  EchoClient client;
  client.send_frame(opcode::close, "");
  const Frame frame = client.read();
  EXPECT_EQ(frame.opcode, opcode::close);
  EXPECT_EQ(frame.payload, "");
}

TEST(Rfc6455S7_3Closing, DoesNotDisturbOtherClients) {
  EchoClient bystander;
  EchoClient gone;
  gone.send_raw(masked_frame(first::text, std::string(1000, 'x')).substr(0, 500));
  gone.tcp().reset();
  EchoClient half;
  half.send_raw("\x81");
  half.tcp().close();
  expect_open(bystander);
}

// The client may answer the close frame of a fault. No other frame follows.
TEST(Rfc6455S7_1_7Closing, AcceptsResponseAfterFault) {
  EchoClient client;
  client.send_raw(masked_frame(0x83, ""));
  expect_closed(client, 1002);
  client.send_close(1002);
}

}  // namespace
}  // namespace coroom::test
