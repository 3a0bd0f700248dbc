#include "server/room_rule.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace coroom::server {
namespace {

bool is_accepted(std::string_view name) {
  return check_room_name(name).has_value();
}

TEST(RoomRule, AcceptsNamesOfAnyScript) {
  for (const char* name : {"lobby", "a", "book club", "a|b", "100%", "[team]", "茶室", "Zo\u00eb", "קפה",
                           "मित्र", "☕️", "typing:lobby", "Übung: 1", "a/b"})
    EXPECT_TRUE(is_accepted(name)) << name;
  EXPECT_TRUE(is_accepted(std::string(255, 'a')));
}

TEST(RoomRule, RejectsNamesThatLookLikeOthers) {
  for (const char* name :
       {"", " ", "\u3000", "lobby ", " lobby", "book  club", "book\u00a0club", "lobby\u200b", "\u200b",
        "\u00ad", "\u3164", "\u202egnp.ybbol", "a\u2028b", "Zoe\u0308", "a\nb", "\xff"})
    EXPECT_FALSE(is_accepted(name)) << name;
  EXPECT_FALSE(is_accepted(std::string(256, 'a')));
}

TEST(RoomRule, ReportsTheFault) {
  EXPECT_NE(check_room_name("Zoe\u0308").error().message.find("NFC"), std::string::npos);
  EXPECT_NE(check_room_name("lobby\u200b").error().message.find("invisible"), std::string::npos);
}

TEST(RoomRule, ChecksTheNameBeforeTheNamespace) {
  Namespaces namespaces;
  ASSERT_TRUE(namespaces.set("tea.presence", "true"));
  EXPECT_TRUE(check_room(namespaces, "tea:green"));
  EXPECT_EQ(check_room(namespaces, "milk:green").error().kind, RoomFault::Kind::unknown_namespace);
  EXPECT_EQ(check_room(namespaces, "milk: green ").error().kind, RoomFault::Kind::bad_name);
}

}  // namespace
}  // namespace coroom::server
