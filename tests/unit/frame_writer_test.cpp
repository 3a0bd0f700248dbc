#include <coroom/frame_writer.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace coroom {
namespace {

std::string event(std::string_view text) {
  std::string block;
  FrameWriter(block, {.kind = Framing::Kind::events}).text(text);
  return block;
}

TEST(FrameWriter, WritesADataFieldPerLineOfAnEvent) {
  EXPECT_EQ(event("a"), "data: a\n\n");
  EXPECT_EQ(event(""), "data: \n\n");
  EXPECT_EQ(event("a\nb"), "data: a\ndata: b\n\n");
  EXPECT_EQ(event("a\n"), "data: a\ndata: \n\n");
}

TEST(FrameWriter, PreventsForgedEvents) {
  EXPECT_EQ(event("a\rb"), "data: a\ndata: b\n\n");
  EXPECT_EQ(event("a\r\nb"), "data: a\ndata: b\n\n");
  EXPECT_EQ(event("a\r\revent: forged\r"), "data: a\ndata: \ndata: event: forged\ndata: \n\n");
  EXPECT_EQ(event("a\n\rb"), "data: a\ndata: \ndata: b\n\n");
}

TEST(FrameWriter, WritesLinesUnchanged) {
  std::string block;
  FrameWriter lines(block, {.kind = Framing::Kind::lines});
  lines.text("a");
  lines.binary("left out");
  lines.text("b");
  EXPECT_EQ(block, "a\nb\n");
  EXPECT_EQ(lines.messages(), 2);
}

}  // namespace
}  // namespace coroom
