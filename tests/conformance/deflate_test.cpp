// Compressed messages: RFC 7692 sections 6 and 7.2.

#include "conformance/deflate.hpp"

#include "conformance/echo.hpp"
#include "conformance/exchange.hpp"

#include <zlib.h>

namespace coroom::test {
namespace {

constexpr unsigned compressed = 0x40;
const std::string keeps_window = "permessage-deflate";
const std::string forgets_window = "permessage-deflate; client_no_context_takeover";

class Deflate : public testing::TestWithParam<Delivered> {};

TEST_P(Deflate, FollowsStandard) {
  play(GetParam().first, GetParam().second);
}

std::string text_of(std::size_t size) {
  std::string text;
  for (int line = 0; text.size() < size; ++line) text += "line " + std::to_string(line) + " of many lines\n";
  text.resize(size);
  return text;
}

std::string noise_of(std::size_t size) {
  std::string noise;
  for (unsigned number = 1; noise.size() != size; number = number * 1664525U + 1013904223U)
    noise.push_back(static_cast<char>(number >> 24U));
  return noise;
}

/// Splits the bytes into this number of fragments.
std::string in_fragments(const std::string& bytes, std::size_t count, unsigned first_byte) {
  std::vector<std::string> parts;
  for (std::size_t index = 0; index != count; ++index) {
    const std::size_t begin = bytes.size() * index / count;
    parts.push_back(bytes.substr(begin, bytes.size() * (index + 1) / count - begin));
  }
  return fragmented(parts, first_byte);
}

std::string text(const std::string& payload) {
  return masked_frame(first::text | compressed, payload);
}

struct Way {
  const char* name;
  Squeezing how;
};

const std::vector<Way> ways = {{"Stored", {15, 0}},
                               {"Fixed", {15, 9, Z_FIXED}},
                               {"Dynamic", {15, 9}},
                               {"Fast", {15, 1}},
                               {"Huffman", {15, 6, Z_HUFFMAN_ONLY}},
                               {"RunLengths", {15, 6, Z_RLE}},
                               {"Window9", {9, 9}},
                               {"Window10", {10, 9}},
                               {"Window12", {12, 9}},
                               {"Window14", {14, 9}}};

void add_blocks(std::vector<Exchange>& all) {
  for (const Way& way : ways) {
    for (const std::size_t size : {1U, 2U, 16U, 125U, 126U, 1000U, 65535U, 65536U, 131072U}) {
      const std::string name = way.name + std::string("Of") + std::to_string(size);
      const std::string data = text_of(size);
      const std::string payload = ZlibDeflater(way.how).message(data);
      all.push_back({"S7_2_2", name, text(payload), {{opcode::text, data}}, 0, keeps_window});
      all.push_back({"S7_2_2", name + "Forgotten", text(payload), {{opcode::text, data}}, 0, forgets_window});
      for (const std::size_t count : {2U, 7U})
        all.push_back({"S6_1",
                       name + "In" + std::to_string(count) + "Fragments",
                       in_fragments(payload, count, first::text_begins | compressed),
                       {{opcode::text, data}},
                       0,
                       keeps_window});
      const std::string noise = noise_of(size);
      all.push_back({"S7_2_2",
                     name + "Noise",
                     masked_frame(first::binary | compressed, ZlibDeflater(way.how).message(noise)),
                     {{opcode::binary, noise}},
                     0,
                     keeps_window});
    }
    ZlibDeflater deflater(way.how);
    Exchange series{"S7_2_2", way.name + std::string("Series"), "", {}, 0, keeps_window};
    for (const std::size_t size : {100U, 5000U, 100U, 40000U, 100U, 0U, 100U}) {
      series.sent += text(deflater.message(text_of(size)));
      series.answers.push_back({opcode::text, text_of(size)});
    }
    all.push_back(series);
  }
}

/// The payloads of section 7.2.3 for "Hello".
void add_examples(std::vector<Exchange>& all) {
  const std::string hello("\xf2\x48\xcd\xc9\xc9\x07\x00", 7);
  const std::string again("\xf2\x00\x11\x00\x00", 5);
  const std::string stored("\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00", 11);
  const std::string with_end("\xf3\x48\xcd\xc9\xc9\x07\x00\x00", 8);
  const std::string two_blocks("\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00", 13);
  const ExpectedFrame answer{opcode::text, "Hello"};
  for (const auto& [offer, how] : {std::pair{keeps_window, "Kept"}, {forgets_window, "Forgotten"}}) {
    const std::string name = how;
    all.insert(
        all.end(),
        {{"S7_2_3_1", "OneBlock" + name, text(hello), {answer}, 0, offer},
         {"S7_2_3_1",
          "Fragments" + name,
          in_fragments(hello, 2, first::text_begins | compressed),
          {answer},
          0,
          offer},
         {"S7_2_3_1",
          "FragmentsOfAByte" + name,
          in_fragments(hello, 7, first::text_begins | compressed),
          {answer},
          0,
          offer},
         {"S7_2_3_1",
          "EmptyFragments" + name,
          in_fragments(hello, 20, first::text_begins | compressed),
          {answer},
          0,
          offer},
         {"S7_2_3_2", "SameAgain" + name, text(hello) + text(hello), {answer, answer}, 0, offer},
         {"S7_2_3_3", "NoCompression" + name, text(stored), {answer}, 0, offer},
         {"S7_2_3_4", "WithAnEnd" + name, text(with_end), {answer}, 0, offer},
         {"S7_2_3_4", "WithAnEndTwice" + name, text(with_end) + text(with_end), {answer, answer}, 0, offer},
         {"S7_2_3_4",
          "WithAnEndThenWithout" + name,
          text(with_end) + text(hello),
          {answer, answer},
          0,
          offer},
         {"S7_2_3_4",
          "WithAnEndAndAnotherBlock" + name,
          text(with_end.substr(0, 7) + hello),
          {{opcode::text, "HelloHello"}},
          0,
          offer},
         {"S7_2_3_5", "TwoBlocks" + name, text(two_blocks), {answer}, 0, offer},
         {"S7_2_3_5",
          "FlushIsLeftIn" + name,
          text(hello + std::string("\x00\x00\xff\xff\x00", 5)),
          {answer},
          0,
          offer},
         {"S7_2_3_6", "Empty" + name, text(std::string(1, '\0')), {{opcode::text, ""}}, 0, offer},
         {"S7_2_3_6",
          "EmptyBinary" + name,
          masked_frame(first::binary | compressed, std::string(1, '\0')),
          {{opcode::binary, ""}},
          0,
          offer},
         {"S7_2_3_6",
          "EmptyFixedBlock" + name,
          text(std::string("\x02\x00", 2)),
          {{opcode::text, ""}},
          0,
          offer},
         {"S7_2_3_6",
          "EmptyThenHello" + name,
          text(std::string(1, '\0')) + text(hello),
          {{opcode::text, ""}, answer},
          0,
          offer},
         {"S7_2_3_6",
          "EmptyInFragments" + name,
          fragmented({"", std::string(1, '\0'), ""}, first::text_begins | compressed),
          {{opcode::text, ""}},
          0,
          offer}});
  }
  // Data that refers to an earlier message.
  all.insert(
      all.end(),
      {{"S7_2_3_2", "ReferenceToBefore", text(hello) + text(again), {answer, answer}, 0, keeps_window},
       {"S7_2_3_2",
        "ReferencesToBefore",
        text(hello) + text(again) + text(again),
        {answer, answer, answer},
        0,
        keeps_window},
       {"S7_2_3_2",
        "ReferenceOverWhatIsNotCompressed",
        text(hello) + masked_frame(first::text, "plain") + text(again),
        {answer, {opcode::text, "plain"}, answer},
        0,
        keeps_window},
       {"S7_2_3_2",
        "ReferenceOverAnEmptyMessage",
        text(hello) + text(std::string(1, '\0')) + text(again),
        {answer, {opcode::text, ""}, answer},
        0,
        keeps_window},
       {"S7_2_3_4", "ReferenceOverAnEnd", text(with_end) + text(again), {answer, answer}, 0, keeps_window},
       {"S7_2_3_4",
        "ReferenceOverAnEndInAMessage",
        text(with_end.substr(0, 7) + again),
        {{opcode::text, "HelloHello"}},
        0,
        forgets_window},
       {"S7_1_1_2", "ReferenceToNothing", text(again), {}, 1007, keeps_window},
       {"S7_1_1_2", "ReferenceToWhatIsForgotten", text(hello) + text(again), {answer}, 1007, forgets_window},
       {"S7_1_1_2",
        "ReferenceToWhatWasNotCompressed",
        masked_frame(first::text, "Hello") + text(again),
        {answer},
        1007,
        keeps_window}});
}

void add_bits(std::vector<Exchange>& all) {
  const std::string hello("\xf2\x48\xcd\xc9\xc9\x07\x00", 7);
  const std::string begin = masked_frame(first::text_begins | compressed, hello.substr(0, 3));
  const std::string end = masked_frame(first::ends, hello.substr(3));
  const std::string ping = masked_frame(first::ping, "p");
  const ExpectedFrame pong{opcode::pong, "p"};
  const ExpectedFrame answer{opcode::text, "Hello"};
  all.insert(
      all.end(),
      {{"S6_1", "PingBetweenFragments", begin + ping + end, {pong, answer}, 0, keeps_window},
       {"S6_1",
        "CloseBetweenFragments",
        begin + masked_frame(first::close, close_payload(1000)),
        {},
        1000,
        keeps_window},
       {"S6_1",
        "BitOnTheEnd",
        begin + masked_frame(first::ends | compressed, hello.substr(3)),
        {},
        1002,
        keeps_window},
       {"S6_1",
        "BitOnTheMiddle",
        begin + masked_frame(first::goes_on | compressed, "") + end,
        {},
        1002,
        keeps_window},
       {"S6_1",
        "BitOnTheEndAlone",
        masked_frame(first::text_begins, "a") + masked_frame(first::ends | compressed, hello),
        {},
        1002,
        keeps_window},
       {"S6_1", "BitOnAPing", masked_frame(first::ping | compressed, hello), {}, 1002, keeps_window},
       {"S6_1", "BitOnAPong", masked_frame(first::pong | compressed, hello), {}, 1002, keeps_window},
       {"S6_1", "BitOnAClose", masked_frame(first::close | compressed, ""), {}, 1002, keeps_window},
       {"S6_1",
        "BitOnAReservedOpcode",
        masked_frame(first::final | compressed | 3U, hello),
        {},
        1002,
        keeps_window},
       {"S6_1", "SecondBit", masked_frame(first::text | compressed | 0x20U, hello), {}, 1002, keeps_window},
       {"S6_1", "ThirdBit", masked_frame(first::text | compressed | 0x10U, hello), {}, 1002, keeps_window},
       {"S6_1", "WithoutAgreement", text(hello), {}, 1002},
       {"S6_1", "WithoutAgreementInFragments", begin + end, {}, 1002},
       {"S6_1", "WithADeclinedOffer", text(hello), {}, 1002, "permessage-deflate; unknown"},
       {"S6_2", "NotCompressed", masked_frame(first::text, "Hello"), {answer}, 0, keeps_window},
       {"S6_2", "NotCompressedInFragments", fragmented({"He", "llo"}), {answer}, 0, keeps_window},
       {"S6_2",
        "NotCompressedAfterCompressed",
        text(hello) + masked_frame(first::text, "Hello"),
        {answer, answer},
        0,
        keeps_window},
       {"S6_2",
        "CompressedAfterNotCompressed",
        masked_frame(first::text, "Hello") + text(hello),
        {answer, answer},
        0,
        keeps_window},
       {"S6_2",
        "CompressedInsideAMessage",
        masked_frame(first::text_begins, "a") + text(hello),
        {},
        1002,
        keeps_window},
       {"S6_2", "TextThatIsNoUtf8", text(ZlibDeflater().message("\xff\xfe")), {}, 1007, keeps_window},
       {"S6_2",
        "TextThatIsCut",
        text(ZlibDeflater().message("long enough to be looked at \xe2\x82")),
        {},
        1007,
        keeps_window},
       {"S6_2", "TextWithASurrogate", text(ZlibDeflater().message("\xed\xa0\x80")), {}, 1007, keeps_window},
       {"S6_2",
        "BytesThatAreNoUtf8",
        masked_frame(first::binary | compressed, ZlibDeflater().message("\xff\xfe")),
        {{opcode::binary, "\xff\xfe"}},
        0,
        keeps_window}});
  for (std::size_t cut = 0; cut <= hello.size(); ++cut)
    all.push_back({"S6_1",
                   "FragmentsAt" + std::to_string(cut),
                   fragmented({hello.substr(0, cut), hello.substr(cut)}, first::text_begins | compressed),
                   {answer},
                   0,
                   keeps_window});
}

void add_garbage(std::vector<Exchange>& all) {
  const std::string good = ZlibDeflater().message(text_of(2000));
  std::vector<std::pair<std::string, std::string>> garbage = {
      {"AllOnes", std::string(100, '\xff')},
      {"ReservedBlockType", "\x07"},
      {"ReservedBlockTypeLater", std::string("\x00\x01\x00\xfe\xff\x61\x06", 7)},
      {"StoredLengthsDiffer", std::string("\x00\x05\x00\x05\x00Hello\x00", 11)},
      {"StoredIsCut", std::string("\x00\xff\x00\x00\xff"
                                  "Hello",
                                  10)},
      {"NoBytes", ""},
      {"TooManyLengths", "\xfc\xff\xff\xff\xff"},
      {"CodeIsOversubscribed", std::string("\x04\x00\xfe\xff", 4)},
      {"DistanceIsTooFar", std::string("\x02\x7e\xff\xff", 4)},
      {"BytesBehindTheEnd", std::string("\xf3\x48\xcd\xc9\xc9\x07\x00\xff\xff\xff\xff", 11)},
      {"EndWithoutTheOctetBehind", std::string("\xf3\x48\xcd\xc9\xc9\x07\x00", 7)},
      {"WithoutItsLastByte", std::string("\xf2\x48\xcd\xc9\xc9\x07", 6)},
      {"NotCompressedAtAll", "Hello, this is not compressed"},
      {"Gzip", std::string("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xf3\x48\xcd\xc9\xc9\x07\x00", 17)},
      {"Zlib", std::string("\x78\x9c\xf3\x48\xcd\xc9\xc9\x07\x00\x05\x8c\x01\xf5", 13)},
  };
  for (const std::size_t size : {1U, 2U, 3U, 5U, 10U, 50U, 100U})
    garbage.emplace_back("CutAt" + std::to_string(size), good.substr(0, size));
  for (const auto& [name, payload] : garbage) {
    all.push_back({"S7_2_2", name, text(payload), {}, 1007, keeps_window});
    all.push_back({"S7_2_2", name + "Forgotten", text(payload), {}, 1007, forgets_window});
    all.push_back({"S7_2_2",
                   name + "BehindAMessage",
                   text(good) + text(payload),
                   {{opcode::text, text_of(2000)}},
                   1007,
                   keeps_window});
    all.push_back({"S7_2_2",
                   name + "InFragments",
                   in_fragments(payload, 3, first::text_begins | compressed),
                   {},
                   1007,
                   keeps_window});
  }
}

/// A compressed message of `mebibytes` of one letter, a thousandth of that size, and the rest.
std::string bomb(int mebibytes, std::string_view rest = "") {
  ZlibDeflater deflater;
  const std::string one = deflater.blocks(std::string(std::size_t{1} << 20U, 'a'), Z_FULL_FLUSH);
  std::string all;
  for (int number = 0; number != mebibytes; ++number) all += one;
  return all + ZlibDeflater().message(rest);
}

void add_limits(std::vector<Exchange>& all) {
  const std::string longest(longest_message, 'a');
  for (const auto& [offer, how] : {std::pair{keeps_window, "Kept"}, {forgets_window, "Forgotten"}}) {
    const std::string name = how;
    all.insert(all.end(),
               {{"S8", "TheLongestMessage" + name, text(bomb(2)), {{opcode::text, longest}}, 0, offer},
                {"S8", "AByteMore" + name, text(bomb(2, "a")), {}, 1009, offer},
                {"S8", "Bomb" + name, text(bomb(64)), {}, 1009, offer},
                {"S8",
                 "BombInFragments" + name,
                 in_fragments(bomb(64), 50, first::text_begins | compressed),
                 {},
                 1009,
                 offer},
                {"S8",
                 "BombBehindAMessage" + name,
                 text(ZlibDeflater().message("m")) + text(bomb(64)),
                 {{opcode::text, "m"}},
                 1009,
                 offer},
                {"S8",
                 "ManyEnds" + name,
                 text([] {
                   std::string ends;
                   for (int number = 0; number != 100'000; ++number) ends += std::string("\x03\x00", 2);
                   return ends.append(1, '\0');
                 }()),
                 {{opcode::text, ""}},
                 0,
                 offer},
                {"S8",
                 "LongerThanAnyMessage" + name,
                 text(std::string(longest_message + 10'000, '\0')),
                 {},
                 1009,
                 offer},
                {"S8",
                 "NoiseOfTheLongestMessage" + name,
                 masked_frame(first::binary | compressed, ZlibDeflater().message(noise_of(longest_message))),
                 {{opcode::binary, noise_of(longest_message)}},
                 0,
                 offer}});
  }
}

std::vector<Exchange> exchanges() {
  std::vector<Exchange> all;
  add_blocks(all);
  add_examples(all);
  add_bits(all);
  add_garbage(all);
  add_limits(all);
  return all;
}

INSTANTIATE_TEST_SUITE_P(Rfc7692, Deflate, testing::ValuesIn(delivered(exchanges())), name_of);

TEST(Rfc7692S8Bombs, UsesLittleMemory) {
  {
    EchoClient client("Sec-WebSocket-Extensions: " + keeps_window + "\r\n");
    client.send_raw(text(bomb(1)));  // the memory that any message needs
    EXPECT_EQ(client.read().opcode, opcode::text);
  }
  const std::string frame = text(bomb(1500));
  ASSERT_LT(frame.size(), longest_message);
  const std::size_t before = echo().peak_memory();
  EchoClient client("Sec-WebSocket-Extensions: " + keeps_window + "\r\n");
  client.send_raw(frame);
  expect_closed(client, 1009);
  EXPECT_LT(echo().peak_memory() - before, std::size_t{64} << 20U);
}

// Section 7.1.1.1: the server agreed to server_no_context_takeover.
TEST(Rfc7692S7_1_1_1Deflate, ResetsWindowForEachMessage) {
  EchoClient client("Sec-WebSocket-Extensions: " + keeps_window + "\r\n");
  for (int time = 0; time != 3; ++time) {
    client.send_text(text_of(5000));
    const Frame frame = client.read();
    EXPECT_TRUE(frame.compressed);
    EXPECT_EQ(inflated(frame.payload), text_of(5000));
  }
}

}  // namespace
}  // namespace coroom::test
