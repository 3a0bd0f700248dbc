// Frames and messages: RFC 6455 sections 5.1 to 5.4 and 10.4.

#include "conformance/echo.hpp"
#include "conformance/exchange.hpp"

#include <array>

namespace coroom::test {
namespace {

constexpr std::uint64_t top_bit = std::uint64_t{1} << 63U;

/// Returns the head of a frame with an extended length of 0, 2 or 8 bytes and a mask of zeros.
std::string head(unsigned first_byte, std::uint64_t length, unsigned bytes) {
  std::string text(1, static_cast<char>(first_byte));
  const unsigned second = bytes == 0 ? static_cast<unsigned>(length) : bytes == 2 ? 126 : 127;
  text.push_back(static_cast<char>(0x80U | second));
  for (unsigned left = bytes; left != 0; --left)
    text.push_back(static_cast<char>((length >> (8 * (left - 1))) & 0xffU));
  return text.append(4, '\0');
}

/// Removes the mask from a frame.
std::string unmasked(unsigned first_byte, std::string_view payload) {
  return std::string{static_cast<char>(first_byte), static_cast<char>(payload.size())}.append(payload);
}

std::string masked_with(const std::array<unsigned char, 4>& key, unsigned first_byte,
                        std::string_view payload) {
  std::string frame{static_cast<char>(first_byte), static_cast<char>(0x80U | payload.size())};
  for (const unsigned char byte : key) frame.push_back(static_cast<char>(byte));
  for (std::size_t index = 0; index != payload.size(); ++index)
    frame.push_back(static_cast<char>(static_cast<unsigned char>(payload[index]) ^ key[index % 4]));
  return frame;
}

std::string letters(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t index = 0; index != size; ++index) text[index] = static_cast<char>('a' + index % 26);
  return text;
}

class Frames : public testing::TestWithParam<Delivered> {};

TEST_P(Frames, FollowsStandard) {
  play(GetParam().first, GetParam().second);
}

void add_lengths(std::vector<Exchange>& all) {
  for (const std::size_t size :
       {0U,    1U,     2U,     3U,     4U,     5U,     7U,     8U,     9U,     15U,     16U,     17U,
        63U,   64U,    65U,    124U,   125U,   126U,   127U,   128U,   255U,   256U,    1023U,   4095U,
        4096U, 16384U, 32767U, 32768U, 65534U, 65535U, 65536U, 65537U, 65663U, 131071U, 131072U, 1048576U}) {
    const std::string payload = letters(size);
    all.push_back({"S5_2",
                   "TextOf" + std::to_string(size),
                   masked_frame(first::text, payload),
                   {{opcode::text, payload}}});
    all.push_back({"S5_2",
                   "BinaryOf" + std::to_string(size),
                   masked_frame(first::binary, payload),
                   {{opcode::binary, payload}}});
  }
  for (const std::size_t size : {0U, 1U, 125U}) {
    for (const unsigned bytes : {2U, 8U})
      all.push_back({"S5_2",
                     "LengthOf" + std::to_string(size) + "In" + std::to_string(bytes) + "Bytes",
                     head(first::text, size, bytes) + letters(size),
                     {},
                     1002});
  }
  for (const std::size_t size : {126U, 127U, 65535U})
    all.push_back({"S5_2",
                   "LengthOf" + std::to_string(size) + "In8Bytes",
                   head(first::binary, size, 8) + letters(size),
                   {},
                   1002});
  for (const std::uint64_t size : {top_bit, top_bit + 5, ~std::uint64_t{0}})
    all.push_back(
        {"S5_2", "LengthWithTheTopBit" + std::to_string(size), head(first::text, size, 8), {}, 1002});
  for (const std::uint64_t size : {std::uint64_t{longest_message} + 1, std::uint64_t{1} << 32U,
                                   (std::uint64_t{1} << 32U) + 1, top_bit - 1})
    all.push_back({"S10_4", "LengthOf" + std::to_string(size), head(first::binary, size, 8), {}, 1009});
  const std::string longest = letters(longest_message);
  all.push_back(
      {"S10_4", "TheLongestMessage", masked_frame(first::binary, longest), {{opcode::binary, longest}}});
}

void add_first_bytes(std::vector<Exchange>& all) {
  for (unsigned bits = 1; bits != 8; ++bits) {
    const unsigned reserved = bits << 4U;
    for (const unsigned opcode : {1U, 2U, 8U, 9U, 10U})
      all.push_back({"S5_2",
                     "ReservedBits" + std::to_string(bits) + "OfOpcode" + std::to_string(opcode),
                     masked_frame(first::final | reserved | opcode, opcode == 8 ? "" : "x"),
                     {},
                     1002});
    all.push_back({"S5_2",
                   "ReservedBits" + std::to_string(bits) + "OfAContinuation",
                   masked_frame(first::text_begins, "x") + masked_frame(first::ends | reserved, "y"),
                   {},
                   1002});
    all.push_back({"S5_2",
                   "ReservedBits" + std::to_string(bits) + "BehindAMessage",
                   masked_frame(first::text, "x") + masked_frame(first::text | reserved, "y") +
                       masked_frame(first::text, "never"),
                   {{opcode::text, "x"}},
                   1002});
  }
  for (const unsigned opcode : {3U, 4U, 5U, 6U, 7U, 11U, 12U, 13U, 14U, 15U}) {
    const std::string name = "Opcode" + std::to_string(opcode);
    all.push_back({"S5_2", name, masked_frame(first::final | opcode, "x"), {}, 1002});
    all.push_back({"S5_2", name + "Empty", masked_frame(first::final | opcode, ""), {}, 1002});
    all.push_back({"S5_2", name + "NotFinal", masked_frame(opcode, "x"), {}, 1002});
    all.push_back({"S5_2",
                   name + "InsideAMessage",
                   masked_frame(first::text_begins, "x") + masked_frame(first::final | opcode, "y"),
                   {},
                   1002});
    all.push_back({"S5_2",
                   name + "BehindAMessage",
                   masked_frame(first::binary, "x") + masked_frame(first::final | opcode, "y"),
                   {{opcode::binary, "x"}},
                   1002});
  }
}

void add_masks(std::vector<Exchange>& all) {
  for (const unsigned first_byte : {first::text, first::binary, first::ping, first::pong}) {
    all.push_back({"S5_1", "Unmasked" + std::to_string(first_byte), unmasked(first_byte, "hello"), {}, 1002});
    all.push_back(
        {"S5_1", "UnmaskedAndEmpty" + std::to_string(first_byte), unmasked(first_byte, ""), {}, 1002});
  }
  all.push_back({"S5_1", "UnmaskedClose", unmasked(first::close, close_payload(1000)), {}, 1002});
  all.push_back({"S5_1",
                 "UnmaskedContinuation",
                 masked_frame(first::text_begins, "x") + unmasked(first::ends, "y"),
                 {},
                 1002});
  all.push_back({"S5_1", "UnmaskedWith16Bits", std::string("\x82\x7e\x00\x7e", 4) + letters(126), {}, 1002});
  const std::string text = letters(40);
  int number = 0;
  for (const std::array<unsigned char, 4>& key : {std::array<unsigned char, 4>{0, 0, 0, 0},
                                                  {0xff, 0xff, 0xff, 0xff},
                                                  {1, 0, 0, 0},
                                                  {0, 0, 0, 1},
                                                  {0x80, 0x7f, 0x00, 0xff}}) {
    const std::string name = "Mask" + std::to_string(number++);
    for (std::size_t size = 0; size <= 17; ++size)  // more than a server unmasks at a time
      all.push_back({"S5_3",
                     name + "Over" + std::to_string(size),
                     masked_with(key, first::binary, text.substr(0, size)),
                     {{opcode::binary, text.substr(0, size)}}});
    all.push_back({"S5_3",
                   name + "Differs",
                   masked_with(key, first::binary, text) + masked_with({7, 6, 5, 4}, first::binary, text),
                   {{opcode::binary, text}, {opcode::binary, text}}});
  }
  all.push_back({"S5_7",
                 "HelloOfTheStandard",
                 std::string("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", 11),
                 {{opcode::text, "Hello"}}});
  all.push_back({"S5_7",
                 "PingOfTheStandard",
                 std::string("\x89\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", 11),
                 {{opcode::pong, "Hello"}}});
}

void add_many(std::vector<Exchange>& all) {
  for (const int count : {2, 3, 10, 100, 1000}) {
    Exchange exchange{"S5_2", std::to_string(count) + "MessagesAtOnce", "", {}};
    for (int index = 0; index != count; ++index) {
      exchange.sent += masked_frame(first::text, std::to_string(index));
      exchange.answers.push_back({opcode::text, std::to_string(index)});
    }
    all.push_back(exchange);
  }
}

std::vector<Exchange> frames() {
  std::vector<Exchange> all;
  add_lengths(all);
  add_first_bytes(all);
  add_masks(all);
  add_many(all);
  return all;
}

INSTANTIATE_TEST_SUITE_P(Rfc6455, Frames, testing::ValuesIn(delivered(frames())), name_of);

/// A kind of message, its size, and the byte at which the server's read ends.
struct Cut {
  std::size_t size;
  std::size_t at;
};

void PrintTo(const Cut& cut, std::ostream* out) {
  *out << cut.size << " cut at " << cut.at;
}

class FramesInParts : public testing::TestWithParam<Cut> {};

TEST_P(FramesInParts, IsReadIfCutAnywhere) {
  const std::string payload = letters(GetParam().size);
  const std::string frame = masked_frame(first::binary, payload);
  EchoClient client;
  // The pong proves that the server has read the earlier bytes.
  client.send_raw(masked_frame(first::ping, "") + frame.substr(0, GetParam().at));
  EXPECT_EQ(client.read().opcode, opcode::pong);
  client.send_raw(frame.substr(GetParam().at));
  const Frame answer = client.read();
  EXPECT_EQ(answer.opcode, opcode::binary);
  EXPECT_EQ(answer.payload, payload);
  expect_open(client);
}

std::vector<Cut> cuts() {
  std::vector<Cut> all;
  for (const auto& [size, header] : {std::pair<std::size_t, std::size_t>{20, 6}, {300, 8}, {66000, 14}}) {
    for (std::size_t at = 1; at != header + 14; ++at) all.push_back({size, at});
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(Rfc6455, FramesInParts, testing::ValuesIn(cuts()), [](const auto& test) {
  return "S5_2_Of" + std::to_string(test.param.size) + "At" + std::to_string(test.param.at);
});

class Fragmentation : public testing::TestWithParam<Delivered> {};

TEST_P(Fragmentation, FollowsStandard) {
  play(GetParam().first, GetParam().second);
}

void add_fragments(std::vector<Exchange>& all) {
  for (const auto& [begins, kind, name] : {std::tuple{first::text_begins, opcode::text, "Text"},
                                           {first::binary_begins, opcode::binary, "Binary"}}) {
    for (const std::size_t count : {2U, 3U, 4U, 10U, 100U, 1000U}) {
      std::vector<std::string> parts(count);
      std::string whole;
      for (std::size_t index = 0; index != count; ++index)
        whole += parts[index] = std::to_string(index) + ",";
      all.push_back({"S5_4",
                     name + std::string("In") + std::to_string(count),
                     fragmented(parts, begins),
                     {{kind, whole}}});
      all.push_back({"S5_4",
                     name + std::string("Of") + std::to_string(count) + "EmptyFragments",
                     fragmented(std::vector<std::string>(count), begins),
                     {{kind, ""}}});
    }
    const std::string prefix = name;
    all.push_back({"S5_4", prefix + "WithAnEmptyBegin", fragmented({"", "a", "b"}, begins), {{kind, "ab"}}});
    all.push_back({"S5_4", prefix + "WithAnEmptyMiddle", fragmented({"a", "", "b"}, begins), {{kind, "ab"}}});
    all.push_back({"S5_4", prefix + "WithAnEmptyEnd", fragmented({"a", "b", ""}, begins), {{kind, "ab"}}});
    all.push_back({"S5_4",
                   prefix + "TwoMessages",
                   fragmented({"a", "b"}, begins) + fragmented({"c", "d"}, begins),
                   {{kind, "ab"}, {kind, "cd"}}});
    for (const std::size_t size : {1U, 125U, 126U, 1000U, 65535U, 65536U, 100'000U})
      all.push_back({"S5_4",
                     prefix + "FragmentsOf" + std::to_string(size),
                     fragmented({letters(size), letters(size), letters(size)}, begins),
                     {{kind, letters(size) + letters(size) + letters(size)}}});
    const std::string start = masked_frame(begins, "a");
    for (const auto& [first_byte, inner] : {std::pair{first::text, "Text"},
                                            {first::binary, "Binary"},
                                            {first::text_begins, "BegunText"},
                                            {first::binary_begins, "BegunBinary"}}) {
      all.push_back(
          {"S5_4", inner + std::string("Inside") + name, start + masked_frame(first_byte, "b"), {}, 1002});
      all.push_back({"S5_4",
                     inner + std::string("Inside") + name + "AfterAContinuation",
                     start + masked_frame(first::goes_on, "b") + masked_frame(first_byte, "c"),
                     {},
                     1002});
    }
    const std::string half = letters(longest_message / 2);
    all.push_back(
        {"S10_4", prefix + "FragmentsUpToTheLimit", fragmented({half, half}, begins), {{kind, half + half}}});
    all.push_back(
        {"S10_4", prefix + "FragmentsOverTheLimit", fragmented({half, half, "x"}, begins), {}, 1009});
    all.push_back({"S10_4",
                   prefix + "FragmentsOverTheLimitWithoutEnd",
                   fragmented({half, half}, begins).substr(0, half.size() + 14) + masked_frame(0, half + "x"),
                   {},
                   1009});
  }
}

void add_controls_between(std::vector<Exchange>& all) {
  const std::string a = masked_frame(first::text_begins, "a");
  const std::string b = masked_frame(first::goes_on, "b");
  const std::string c = masked_frame(first::ends, "c");
  const std::string ping = masked_frame(first::ping, "p");
  const std::string pong = masked_frame(first::pong, "p");
  const ExpectedFrame whole{opcode::text, "abc"};
  const ExpectedFrame answer{opcode::pong, "p"};
  all.insert(
      all.end(),
      {{"S5_4", "PingBetween", a + ping + b + c, {answer, whole}},
       {"S5_4", "PingsBetween", a + ping + b + ping + c, {answer, answer, whole}},
       {"S5_4",
        "ManyPingsBetween",
        a + ping + ping + ping + b + ping + ping + c,
        {answer, answer, answer, answer, answer, whole}},
       {"S5_4", "PongBetween", a + pong + b + pong + c, {whole}},
       {"S5_4", "EmptyPingBetween", a + masked_frame(first::ping, "") + b + c, {{opcode::pong, ""}, whole}},
       {"S5_4", "PingIsAnsweredBeforeTheMessageEnds", a + ping, {answer}},
       {"S5_4", "CloseBetween", a + b + masked_frame(first::close, close_payload(1001)), {}, 1001},
       {"S5_4", "ContinuationOfNothing", b, {}, 1002},
       {"S5_4", "FinalContinuationOfNothing", c, {}, 1002},
       {"S5_4", "EmptyContinuationOfNothing", masked_frame(first::ends, ""), {}, 1002},
       {"S5_4",
        "ContinuationBehindAMessage",
        masked_frame(first::text, "m") + b,
        {{opcode::text, "m"}},
        1002},
       {"S5_4",
        "FinalContinuationBehindAMessage",
        masked_frame(first::text, "m") + c,
        {{opcode::text, "m"}},
        1002},
       {"S5_4", "ContinuationBehindFragments", a + c + b, {{opcode::text, "ac"}}, 1002},
       {"S5_4", "ContinuationBehindAPing", ping + b, {answer}, 1002},
       {"S5_4", "ContinuationAndThenAMessage", c + masked_frame(first::text, "m"), {}, 1002}});
}

std::vector<Exchange> messages() {
  std::vector<Exchange> all;
  add_fragments(all);
  add_controls_between(all);
  return all;
}

INSTANTIATE_TEST_SUITE_P(Rfc6455, Fragmentation, testing::ValuesIn(delivered(messages())), name_of);

}  // namespace
}  // namespace coroom::test
