#include "core/utf8.hpp"

#include <gtest/gtest.h>

namespace coroom::detail {
namespace {

TEST(Utf8, AcceptsTextOfAnyScript) {
  for (const char* text : {"", "lobby", "聊天室", "🙂", "a b"}) EXPECT_TRUE(is_printable_utf8(text)) << text;
}

TEST(Utf8, RejectsControlCharacters) {
  for (const char* text : {"a\nb", "\x1b[2J", "\x7f", "\xc2\x85"}) EXPECT_FALSE(is_printable_utf8(text));
  EXPECT_FALSE(is_printable_utf8(std::string_view("\0", 1)));
}

TEST(Utf8, RejectsInvalidSequences) {
  // a lone continuation byte, a cut sequence, an overlong slash, a surrogate, beyond U+10FFFF
  for (const char* text : {"\x80", "\xe8\xbf", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80"}) {
    EXPECT_FALSE(is_printable_utf8(text));
  }
}

}  // namespace
}  // namespace coroom::detail
