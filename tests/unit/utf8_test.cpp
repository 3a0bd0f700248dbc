#include "core/utf8.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

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

/// Returns how many bytes of a text a checker takes one by one; the whole size if the text is valid.
std::size_t taken(std::string_view text) {
  Utf8Checker checker;
  for (std::size_t index = 0; index != text.size(); ++index) {
    if (!checker.take(text.substr(index, 1))) return index;
  }
  return checker.is_complete() ? text.size() : std::string_view::npos;
}

TEST(Utf8Checker, AcceptsTextInAnyParts) {
  const std::string_view text = "a聊天室🙂é ~\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\xed\x9f\xbf\xee\x80\x80";
  for (std::size_t cut = 0; cut != text.size(); ++cut) {
    Utf8Checker checker;
    EXPECT_TRUE(checker.take(text.substr(0, cut))) << cut;
    EXPECT_TRUE(checker.take(text.substr(cut))) << cut;
    EXPECT_TRUE(checker.is_complete()) << cut;
  }
  EXPECT_EQ(taken(text), text.size());
}

TEST(Utf8Checker, RejectsTheFirstByteThatCannotBe) {
  EXPECT_EQ(taken("ab\x80"), 2) << "a continuation byte alone";
  EXPECT_EQ(taken("ab\xc0\xaf"), 2) << "no character begins so";
  EXPECT_EQ(taken("ab\xf5"), 2);
  EXPECT_EQ(taken("ab\xe0\x80\x80"), 3) << "overlong";
  EXPECT_EQ(taken("ab\xf0\x8f\xbf\xbf"), 3) << "overlong";
  EXPECT_EQ(taken("ab\xed\xa0\x80"), 3) << "a surrogate";
  EXPECT_EQ(taken("ab\xf4\x90\x80\x80"), 3) << "beyond U+10FFFF";
  EXPECT_EQ(taken("ab\xe8\xbf"
                  "c"),
            4)
      << "a cut character";
  EXPECT_EQ(taken("ab\xe8\xbf"), std::string_view::npos) << "the text ends inside a character";
}

TEST(Utf8Checker, AgreesWithTheWholeText) {
  std::string text(3, '\0');
  for (int first = 0; first != 256; ++first) {
    for (int second = 0; second != 256; ++second) {
      for (const int third : {0x00, 0x7f, 0x80, 0xbf, 0xc2}) {
        text = {static_cast<char>(first), static_cast<char>(second), static_cast<char>(third)};
        EXPECT_EQ(taken(text) == text.size(), is_utf8(text)) << first << ' ' << second << ' ' << third;
      }
    }
  }
}

TEST(Utf8Checker, BeginsAnotherText) {
  Utf8Checker checker;
  EXPECT_TRUE(checker.take("\xe8"));
  checker.reset();
  EXPECT_TRUE(checker.take("a"));
  EXPECT_TRUE(checker.is_complete());
}

}  // namespace
}  // namespace coroom::detail
