#include "server/shown_name.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace coroom::server {
namespace {

std::string shown(std::string_view text) {
  const auto name = shown_name(text);
  return name ? *name : "refused";
}

TEST(ShownName, IsComposed) {
  EXPECT_EQ(shown("Zoe\u0308"), "Zo\u00eb");
  EXPECT_EQ(shown("\u1112\u1161\u11ab"), "\ud55c");
  EXPECT_EQ(shown("\u212b"), "\u00c5") << "the angstrom sign is the letter";
}

TEST(ShownName, CollapsesWhiteSpace) {
  EXPECT_EQ(shown(" Ann  \u00a0 Lee\u3000"), "Ann Lee");
  EXPECT_EQ(shown("山田\u3000太郎"), "山田 太郎");
}

TEST(ShownName, RejectsInvisibleCharacters) {
  for (const char* invisible :
       {"\u200b",     "\u00ad",     "\u2060", "\ufeff", "\u034f", "\u3164",     "\u115f", "\uffa0", "\u180e",
        "\u200e",     "\u200f",     "\u061c", "\u202a", "\u202e", "\u2066",     "\u2069", "\u2800", "\ufe00",
        "\U000e0041", "\U000e0100", "\u200c", "\u200d", "\ufe0f", "\U0001bca0", "\u180f"}) {
    EXPECT_EQ(shown(std::string("lob") + invisible + "by"), "refused");
    EXPECT_EQ(shown(std::string("lobby") + invisible), "refused");
    EXPECT_EQ(shown(invisible + std::string("lobby")), "refused");
  }
}

TEST(ShownName, KeepsVisibleJoinersAndSelectors) {
  for (const char* name : {"👩‍👩‍👧", "👩🏽‍💻", "❤️", "1️⃣", "🏳️‍🌈",
                           "می‌خواهم", "क्‍ष", "क्‌ष"})
    EXPECT_EQ(shown(name), name);
}

TEST(ShownName, RejectsLookalikesOfLatinLetters) {
  for (const char* name : {"l\u043ebby", "\u0410nn", "Ann \u0410dmin", "\u0391dmin", "b\u043e\u043e\u0301k"})
    EXPECT_EQ(shown(name), "refused") << name;
  for (const char* name : {"\u0430\u0440\u0435", "Анна", "Фан-клуб Apple", "SMSка", "Tシャツ", "Δv",
                           "μTorrent", "Zo\u00eb", "C++ и Rust", "ÅÄÖ", "café 茶"})
    EXPECT_EQ(shown(name), name);
}

TEST(ShownName, RejectsPrivateUseCharacters) {
  for (const char* name : {"lobby\ue000", "\uf8ff", "a\U000f0000", "a\uffff"})
    EXPECT_EQ(shown(name), "refused");
}

}  // namespace
}  // namespace coroom::server
