#include "websocket/message_reader.hpp"

#include "websocket/deflater.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace coroom::detail::websocket {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

constexpr unsigned final = 0x80;
constexpr unsigned compressed = 0x40;
constexpr unsigned text = 1;
constexpr unsigned binary = 2;
constexpr unsigned close = 8;
constexpr unsigned ping = 9;
constexpr unsigned pong = 10;

/// Returns a masked frame. Its length takes the fewest bytes, or `length_bytes` for an invalid frame.
std::string frame(unsigned first, const std::string& payload, std::size_t length_bytes = 0) {
  const std::string key = "\x11\x22\xf3\x84";
  std::string bytes(1, static_cast<char>(first));
  if (length_bytes == 0) length_bytes = payload.size() < 126 ? 1 : payload.size() < 65536 ? 2 : 8;
  if (length_bytes == 1) {
    bytes += static_cast<char>(0x80 | payload.size());
  } else {
    bytes += static_cast<char>(0x80 | (length_bytes == 2 ? 126 : 127));
    for (std::size_t index = length_bytes; index-- != 0;)
      bytes += static_cast<char>(payload.size() >> (8 * index));
  }
  bytes += key;
  for (std::size_t index = 0; index != payload.size(); ++index)
    bytes += static_cast<char>(payload[index] ^ key[index % key.size()]);
  return bytes;
}

std::string describe(const MessageReader::Received& event) {
  if (const auto* message = std::get_if<Message>(&event))
    return (message->kind == Message::Kind::text ? "text " : "binary ") + message->data;
  if (const auto* control = std::get_if<Control>(&event))
    return (control->opcode == Opcode::ping ? "ping " : "pong ") + control->payload;
  if (const auto* end = std::get_if<CloseFrame>(&event))
    return "close " + std::to_string(end->disconnect.code) + " " + end->disconnect.reason;
  const Disconnect& disconnect = std::get<Violation>(event).disconnect;
  return std::to_string(disconnect.code) + " " + disconnect.reason;
}

struct ReadOptions {
  std::size_t longest = 100'000;
  MessageReader::Inflation inflation = MessageReader::Inflation::none;
  std::size_t piece = 0;  // bytes that arrive at a time; 0: all
};

/// Returns the events that a reader finds in the bytes, up to the first close frame or violation.
std::vector<std::string> read(std::string bytes, const ReadOptions& options = {}) {
  MessageReader reader(options.longest, options.inflation);
  std::vector<std::string> events;
  const std::size_t piece = options.piece == 0 ? bytes.size() : options.piece;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    std::span<char> data = std::span(bytes).subspan(at, std::min(piece, bytes.size() - at));
    while (auto event = reader.next(data)) {
      events.push_back(describe(*event));
      if (std::holds_alternative<CloseFrame>(*event) || std::holds_alternative<Violation>(*event))
        return events;
    }
    EXPECT_TRUE(data.empty());
  }
  return events;
}

std::string deflated_frame(const std::string& payload) {
  return frame(final | compressed | text, std::string(deflated(payload, DeflateParams())));
}

TEST(MessageReader, AssemblesMessagesFromAnyPieces) {
  const std::string long_one(70'000, 'x');
  const std::string bytes = frame(final | text, "hello") + frame(binary, "fr") + frame(final | ping, "now?") +
                            frame(0, "") + frame(final, "ag") + frame(final | text, "") +
                            frame(final | pong, "") + frame(final | binary, std::string(126, 'm')) +
                            frame(final | text, long_one) + frame(final | close, "\x03\xe8gone");
  for (const std::size_t piece : {0U, 1U, 2U, 3U, 7U, 1000U}) {
    EXPECT_THAT(read(bytes, {.piece = piece}),
                ElementsAre("text hello", "ping now?", "binary frag", "text ", "pong ",
                            "binary " + std::string(126, 'm'), "text " + long_one, "close 1000 gone"))
        << piece;
  }
}

TEST(MessageReader, LeavesBytesBehindAMessage) {
  std::string bytes = frame(final | text, "one") + frame(final | text, "two") + "\x81";
  MessageReader reader(100, MessageReader::Inflation::none);
  std::span<char> data(bytes);
  EXPECT_EQ(describe(*reader.next(data)), "text one");
  EXPECT_EQ(data.size(), frame(final | text, "two").size() + 1);
  EXPECT_EQ(describe(*reader.next(data)), "text two");
  EXPECT_FALSE(reader.next(data));
  EXPECT_TRUE(data.empty());
}

TEST(MessageReader, ChecksCloseFrames) {
  EXPECT_THAT(read(frame(final | close, "")), ElementsAre("close 1005 "));
  EXPECT_THAT(read(frame(final | close, "\x0f\xa0")), ElementsAre("close 4000 "));
  EXPECT_THAT(read(frame(final | close, "\x03")), ElementsAre(StartsWith("1002 ")));
  EXPECT_THAT(read(frame(final | close, "\x03\xed")), ElementsAre(StartsWith("1002 "))) << "1005";
  EXPECT_THAT(read(frame(final | close, "\x03\xe8\xff")), ElementsAre(StartsWith("1007 ")));
}

TEST(MessageReader, RejectsProtocolViolations) {
  std::string unmasked = frame(final | text, "x");
  unmasked[1] = 1;
  for (const std::string& wrong :
       {unmasked, frame(final | 3, ""), frame(final | 11, ""), frame(final | 0x20 | text, ""),
        frame(final | compressed | text, ""), frame(ping, ""), frame(final | ping, std::string(126, 'p')),
        frame(final | compressed | ping, ""), frame(final, "of nothing"),
        frame(text, "one") + frame(final | text, "another"), frame(final | text, "long", 2),
        frame(final | text, std::string(200, 'x'), 8)}) {
    for (const std::size_t piece : {0U, 1U}) {
      EXPECT_THAT(read(wrong, {.piece = piece}), ElementsAre(StartsWith("1002 ")))
          << testing::PrintToString(wrong);
    }
  }
}

TEST(MessageReader, RejectsALengthWithTheSignBit) {
  EXPECT_THAT(read("\x82\xff\x80" + std::string(7, '\0') + "keys"), ElementsAre(StartsWith("1002 ")));
}

TEST(MessageReader, RejectsTooLongMessagesByTheirHeader) {
  const ReadOptions hundred{.longest = 100};
  EXPECT_THAT(read(frame(final | text, std::string(100, 'x')), hundred), ElementsAre(StartsWith("text ")));
  EXPECT_THAT(read(frame(final | text, std::string(101, 'x')).substr(0, 6), hundred),
              ElementsAre("1009 a message that is too long"));
  EXPECT_THAT(read(frame(text, std::string(60, 'x')) + frame(final, std::string(41, 'x')), hundred),
              ElementsAre(StartsWith("1009 ")));
}

TEST(MessageReader, ValidatesTextButNotBinary) {
  EXPECT_THAT(read(frame(final | text, "\xff")), ElementsAre(StartsWith("1007 ")));
  EXPECT_THAT(read(frame(final | binary, "\xff")), ElementsAre("binary \xff"));
  // A character may be split among fragments (RFC 6455 section 5.6).
  EXPECT_THAT(read(frame(text, "\xe4\xbd") + frame(final, "\xa0")), ElementsAre("text 你"));
}

TEST(MessageReader, RejectsTextThatCannotBecomeValid) {
  EXPECT_THAT(read(frame(text, "ab\xf4\x90")), ElementsAre(StartsWith("1007 "))) << "in a fragment";
  const std::string half_frame = frame(final | text, "ab\xff" + std::string(100, 'c')).substr(0, 9);
  EXPECT_THAT(read(half_frame), ElementsAre(StartsWith("1007 "))) << "in the middle of a frame";
  EXPECT_THAT(read(frame(text, "ab\xf4") + frame(0, "\x90")), ElementsAre(StartsWith("1007 ")));
  EXPECT_THAT(read(frame(final | text, "ab\xf4")), ElementsAre(StartsWith("1007 "))) << "at the end";
}

TEST(MessageReader, InflatesMessagesIndependently) {
  const std::string line(1000, 'z');
  const ReadOptions inflates{.inflation = MessageReader::Inflation::each};
  EXPECT_THAT(read(deflated_frame(line) + deflated_frame(line) + frame(final | text, "plain"), inflates),
              ElementsAre("text " + line, "text " + line, "text plain"));
  const std::string whole(deflated(line, DeflateParams()));
  EXPECT_THAT(read(frame(compressed | text, whole.substr(0, 5)) + frame(final, whole.substr(5)), inflates),
              ElementsAre("text " + line));
  // RFC 7692 section 7.2.3: "Hello" plain, in a block without compression, in a final block, and in two
  // blocks.
  for (const std::string& hello : {std::string("\xf2\x48\xcd\xc9\xc9\x07\x00", 7),
                                   std::string("\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00", 11),
                                   std::string("\xf3\x48\xcd\xc9\xc9\x07\x00\x00", 8),
                                   std::string("\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00", 13)}) {
    EXPECT_THAT(read(frame(final | compressed | text, hello), inflates), ElementsAre("text Hello"));
  }
}

TEST(MessageReader, KeepsTheWindowBetweenMessages) {
  // RFC 7692 section 7.2.3.2: "Hello" twice, the second time as a reference to the first.
  const std::string bytes = frame(final | compressed | text, std::string("\xf2\x48\xcd\xc9\xc9\x07\x00", 7)) +
                            frame(final | compressed | text, std::string("\xf2\x00\x11\x00\x00", 5));
  EXPECT_THAT(read(bytes, {.inflation = MessageReader::Inflation::with_a_window}),
              ElementsAre("text Hello", "text Hello"));
  EXPECT_THAT(read(bytes, {.inflation = MessageReader::Inflation::each}),
              ElementsAre("text Hello", StartsWith("1007 ")));
}

TEST(MessageReader, KeepsTheWindowAfterAFinalBlock) {
  const std::string with_end("\xf3\x48\xcd\xc9\xc9\x07\x00\x00", 8);  // RFC 7692 section 7.2.3.4
  const std::string again("\xf2\x00\x11\x00\x00", 5);                 // and 7.2.3.2
  const std::string bytes =
      frame(final | compressed | text, with_end) + frame(final | compressed | text, again);
  EXPECT_THAT(read(bytes, {.inflation = MessageReader::Inflation::with_a_window}),
              ElementsAre("text Hello", "text Hello"));
}

TEST(MessageReader, RejectsInvalidOrTooLongInflatedData) {
  const ReadOptions inflates{.longest = 1000, .inflation = MessageReader::Inflation::each};
  EXPECT_THAT(read(frame(final | compressed | text, "\xff\xff\xff"), inflates),
              ElementsAre(StartsWith("1007 ")));
  const std::string whole(deflated(std::string(900, 'a') + "bcdefghijk", DeflateParams()));
  EXPECT_THAT(read(frame(final | compressed | text, whole.substr(0, 4)), inflates),
              ElementsAre(StartsWith("1007 ")))
      << "cut off";
  EXPECT_THAT(read(deflated_frame(std::string(1000, 'a')), inflates), ElementsAre(StartsWith("text ")));
  EXPECT_THAT(read(deflated_frame(std::string(1001, 'a')), inflates), ElementsAre(StartsWith("1009 ")));
  EXPECT_THAT(read(deflated_frame(std::string(8'000'000, 'a')), inflates), ElementsAre(StartsWith("1009 ")));
}

TEST(MessageReader, DoesNotDependOnHowBytesArrive) {
  using Inflation = MessageReader::Inflation;
  std::mt19937 random(7692);  // always the same bytes
  const auto below = [&random](std::size_t limit) { return random() % limit; };
  const std::string valid = frame(text, "fr\xe4\xbd") + frame(final | ping, "now?") + frame(final, "\xa0") +
                            deflated_frame(std::string(300, 'd')) +
                            frame(final | binary, std::string(130, 'b')) +
                            frame(final | close,
                                  "\x03\xe8"
                                  "bye");
  for (int round = 0; round != 5000; ++round) {
    std::string bytes = valid;
    for (std::size_t changes = below(4); changes != 0; --changes)
      bytes[below(bytes.size())] = static_cast<char>(below(256));
    if (below(4) == 0) bytes.resize(below(bytes.size()));
    for (const Inflation inflation : {Inflation::none, Inflation::each, Inflation::with_a_window}) {
      const auto whole = read(bytes, {.longest = 1000, .inflation = inflation});
      EXPECT_EQ(read(bytes, {.longest = 1000, .inflation = inflation, .piece = 1 + below(40)}), whole)
          << testing::PrintToString(bytes);
    }
  }
}

TEST(MessageReader, ReturnsNothingForAnIncompleteFrame) {
  const std::string whole = frame(final | text, "hello");
  for (std::size_t size = 0; size != whole.size(); ++size) {
    EXPECT_THAT(read(whole.substr(0, size)), IsEmpty());
  }
}

}  // namespace
}  // namespace coroom::detail::websocket
