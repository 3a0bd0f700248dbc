#include "server/guest_name.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace coroom::server {
namespace {

std::string name_of(std::string_view text) {
  const auto name = guest_name(text);
  return name ? *name : "refused";
}

TEST(GuestName, AcceptsNamesOfAnyScript) {
  for (const char* name : {"Ann", "安娜", "Ann Lee", "محمد", "דוד", "Zoë", "O'Neil", "x",
                           "👩‍👩‍👧", "R2-D2", "नमिता", "<b>Ann</b>", "\"Ann\"", "\u00e9"})
    EXPECT_EQ(name_of(name), name);
}

TEST(GuestName, TrimsWhiteSpace) {
  EXPECT_EQ(name_of("  Ann \t\n"), "Ann");
  EXPECT_EQ(name_of("\u3000安娜\u00a0\u2003"), "安娜");
  EXPECT_EQ(name_of("\u2028Ann\u2029"), "Ann");
}

TEST(GuestName, HasOneToFortyCharacters) {
  std::string forty;
  for (int number = 0; number != 40; ++number) forty += "茶";
  EXPECT_EQ(name_of(forty), forty);
  EXPECT_EQ(name_of(forty + "a"), "refused");
  EXPECT_EQ(name_of("  " + forty + "  "), forty) << "after trimming";
  EXPECT_EQ(name_of(std::string(100'000, 'a')), "refused");
  for (const char* name : {"", " ", "\t\n", "\u3000\u00a0"}) EXPECT_EQ(name_of(name), "refused") << name;
}

TEST(GuestName, RejectsInvalidUtf8) {
  for (const char* name : {"\xff", "Ann\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80"})
    EXPECT_EQ(name_of(name), "refused") << name;
}

TEST(GuestName, RejectsControlCharacters) {
  for (const char* name : {"A\tnn", "A\nnn", "A\rnn", "A\x1bnn", "A\x7fnn", "A\u0085nn", "A\u009bnn"})
    EXPECT_EQ(name_of(name), "refused") << name;
  EXPECT_EQ(name_of(std::string_view("A\0nn", 4)), "refused");
}

TEST(GuestName, RejectsLineSeparators) {
  for (const char* name : {"A\u2028nn", "A\u2029nn"}) EXPECT_EQ(name_of(name), "refused") << name;
}

TEST(GuestName, RejectsDirectionalFormatting) {
  for (const char* name : {"A\u202ann", "A\u202bnn", "A\u202cnn", "A\u202dnn", "A\u202enn", "A\u2066nn",
                           "A\u2067nn", "A\u2068nn", "A\u2069nn", "\u202eAnn"})
    EXPECT_EQ(name_of(name), "refused") << name;
}

TEST(GuestName, RejectsInvisibleCharacters) {
  for (const char* name : {"\u200b", "\u200b\u200c\u200d", "\ufeff", "\u2060", "\u00ad", "\u034f", "\u3164",
                           "\u115f\u1160", "\uffa0", "\ufe0f", "\u180e", "\u0301", "\u0301\u20dd",
                           "\u200b \u200b", "\U000e0041\U000e007f", "\u200e", "\u061c", "\u2800"})
    EXPECT_EQ(name_of(name), "refused") << name;
  EXPECT_EQ(name_of("\u200bA"), "refused") << "every character must be visible";
}

}  // namespace
}  // namespace coroom::server
