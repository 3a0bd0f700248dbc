#include "websocket/frame.hpp"

#include <gtest/gtest.h>

namespace coroom::detail::websocket {
namespace {

std::string frame_of(Opcode opcode, std::string_view payload) {
  std::string block;
  append_frame(block, opcode, payload);
  return block;
}

TEST(Frame, MatchesTheExampleOfTheRfc) {
  // RFC 6455 section 5.7
  EXPECT_EQ(frame_of(Opcode::text, "Hello"), "\x81\x05Hello");
}

TEST(Frame, HasABinaryOpcode) {
  EXPECT_EQ(frame_of(Opcode::binary, "ab"),
            "\x82\x02"
            "ab");
}

TEST(Frame, ConsistsOfAHeaderIfEmpty) {
  EXPECT_EQ(frame_of(Opcode::text, ""), std::string("\x81\x00", 2));
}

TEST(Frame, EncodesTheLengthInTheShortestForm) {
  EXPECT_EQ(frame_of(Opcode::text, std::string(125, 'x')).substr(0, 3),
            "\x81\x7d"
            "x");
  EXPECT_EQ(frame_of(Opcode::text, std::string(126, 'x')).substr(0, 5), std::string("\x81\x7e\x00\x7e"
                                                                                    "x",
                                                                                    5));
  EXPECT_EQ(frame_of(Opcode::text, std::string(65535, 'x')).substr(0, 5),
            "\x81\x7e\xff\xff"
            "x");
  EXPECT_EQ(frame_of(Opcode::text, std::string(65536, 'x')).substr(0, 11),
            std::string("\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"
                        "x",
                        11));
}

TEST(Frame, AppendsToABlock) {
  std::string block;
  append_frame(block, Opcode::text, "a");
  append_frame(block, Opcode::binary, "b");
  EXPECT_EQ(block,
            "\x81\x01"
            "a\x82\x01"
            "b");
}

}  // namespace
}  // namespace coroom::detail::websocket
