#include "protocol/chat_lines.hpp"

#include "protocol/plain_encoder.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace coroom::protocol {
namespace {

class ChatLines : public testing::Test {
 protected:
  ChatLines() {
    setenv("TZ", "Asia/Shanghai", 1);
    tzset();
  }

  static Publication publication(Publication::Kind kind, std::string data = "") {
    Publication made(kind, std::make_shared<const Author>("192.0.2.7"));
    made.data = std::move(data);
    made.time = std::chrono::system_clock::from_time_t(1767225599);  // 2025-12-31 23:59:59 UTC
    return made;
  }

  static std::string encoded(const Publication& made) {
    std::string block;
    FrameWriter out(block);
    PlainEncoder().encode("tea", made, out);
    return block;
  }
};

TEST_F(ChatLines, AreTheSeedsByteForByteInLocalTime) {
  EXPECT_EQ(encoded(publication(Publication::Kind::enter)),
            "\x81\x31[192.0.2.7]-[2026-01-01 "
            "07:59:59]-\xe8\xbf\x9b\xe5\x85\xa5\xe8\x81\x8a\xe5\xa4\xa9\xe5\xae\xa4");
  EXPECT_EQ(encoded(publication(Publication::Kind::leave)),
            "\x81\x31[192.0.2.7]-[2026-01-01 "
            "07:59:59]-\xe7\xa6\xbb\xe5\xbc\x80\xe8\x81\x8a\xe5\xa4\xa9\xe5\xae\xa4");
  EXPECT_EQ(encoded(publication(Publication::Kind::text, "hi\n[x]")),
            "\x81\x2e[192.0.2.7]-[2026-01-01 07:59:59]-\xe8\xaf\xb4\xef\xbc\x9ahi\n[x]");
}

TEST_F(ChatLines, BinaryPassesAsItCame) {
  EXPECT_EQ(encoded(publication(Publication::Kind::binary, std::string("\x00\xff", 2))),
            std::string("\x82\x02\x00\xff", 4));
}

TEST_F(ChatLines, TheNextSecondHasItsOwnTime) {
  std::string line;
  const auto time = std::chrono::system_clock::from_time_t(1767225599);
  append_line_head(line, "a", time);
  append_line_head(line, "a", time + std::chrono::seconds(1));
  EXPECT_EQ(line, "[a]-[2026-01-01 07:59:59]-[a]-[2026-01-01 08:00:00]-");
}

}  // namespace
}  // namespace coroom::protocol
