#include "server/namespaces.hpp"

#include "server/server_config.hpp"
#include "support/temporary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace coroom::server {
namespace {

using namespace std::chrono_literals;
using test::ConfigFile;
using test::Variable;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

Result<ParsedArguments> parse(std::vector<const char*> flags) {
  flags.insert(flags.begin(), "coroom");
  return parse_server_config(flags);
}

/// Returns the configuration from a file and flags.
ServerConfig options_of(std::string_view file, std::vector<const char*> flags = {}) {
  const ConfigFile config(file);
  flags.insert(flags.end(), {"--config", config.path()});
  auto command = parse(flags);
  EXPECT_TRUE(command) << (command ? "" : command.error().message);
  return command ? std::get<ServerConfig>(*command) : ServerConfig{};
}

Namespaces namespaces_of(std::string_view file, std::vector<const char*> flags = {}) {
  return options_of(file, std::move(flags)).namespaces;
}

std::string error_of(std::vector<const char*> flags, std::string_view file = "") {
  const ConfigFile config(file);
  flags.insert(flags.end(), {"--config", config.path()});
  const auto command = parse(flags);
  return command ? "no error" : command.error().message;
}

TEST(Namespaces, AppliesTheRulesOfTheNamespace) {
  const Namespaces namespaces = namespaces_of(
      "[rooms]\nhistory_size = 1\n"
      "[rooms.tea]\nhistory_size = 2\n"
      "[rooms.Tea_2-x]\nhistory_size = 3\n");
  const auto size = [&](std::string_view room) { return namespaces.of(room).options.history_size; };
  EXPECT_EQ(size("tea:green"), 2);
  EXPECT_EQ(size("tea:"), 2);
  EXPECT_EQ(size("tea:green:hot"), 2) << "the first colon ends the name";
  EXPECT_EQ(size("Tea_2-x:1"), 3);
  EXPECT_EQ(size("tea"), 1) << "a room, not a namespace";
  EXPECT_EQ(size("milk:tea"), 1);
  EXPECT_EQ(size("TEA:green"), 1);
  EXPECT_EQ(size(":tea"), 1);
  EXPECT_EQ(size(""), 1);
}

TEST(Namespaces, StartsFromTheDefaultRules) {
  const Namespaces namespaces =
      namespaces_of("[rooms]\nhistory_size = 1\npresence = false\n[rooms.tea]\njoin_leave = off\n");
  const Namespace usual;
  const Namespace tea = namespaces.of("tea:1");
  EXPECT_EQ(tea.options.history_size, usual.options.history_size);
  EXPECT_TRUE(tea.options.presence);
  EXPECT_FALSE(tea.options.join_leave);
}

TEST(Namespaces, IsEmptyByDefault) {
  const Namespaces namespaces = namespaces_of("");
  const Namespace usual;
  EXPECT_TRUE(namespaces.named.empty());
  EXPECT_EQ(namespaces.others.options.history_size, usual.options.history_size);
  EXPECT_EQ(namespaces.others.options.history_ttl, usual.options.history_ttl);
  EXPECT_TRUE(namespaces.others.options.durable);
  EXPECT_TRUE(namespaces.others.rules.subscribe.allows(true, false)) << "the default is an open chat";
  EXPECT_TRUE(namespaces.others.rules.publish.allows(true, true));
  EXPECT_FALSE(namespaces.others.rules.publish.allows(true, false));
}

TEST(Namespaces, KeepsNoHistoryOrPresenceOfTyping) {
  const Namespace typing = namespaces_of("").of("typing:tea");
  EXPECT_FALSE(typing.options.keeps_history());
  EXPECT_FALSE(typing.options.presence);
  EXPECT_FALSE(typing.options.join_leave);
  EXPECT_TRUE(typing.rules.subscribe.allows(true, false));
  EXPECT_TRUE(typing.rules.publish.allows(true, true));
  EXPECT_FALSE(typing.rules.publish.allows(true, false)) << "only subscribers may publish";
}

TEST(Namespaces, DerivesTypingRulesFromTheRoom) {
  const Namespaces namespaces = namespaces_of(
      "[rooms]\nallow_subscribe_for_anonymous = false\n"
      "[rooms.members]\nallow_subscribe_for_client = false\n"
      "[rooms.news]\nallow_publish_for_subscriber = false\n"
      "[rooms.box]\nallow_publish_for_client = true\n");
  const auto rules = [&](std::string_view room) { return namespaces.of(room).rules; };
  EXPECT_FALSE(rules("typing:tea").subscribe.allows(true, false));
  EXPECT_TRUE(rules("typing:tea").subscribe.allows(false, false));
  EXPECT_FALSE(rules("typing:members:1").subscribe.allows(false, false)) << "a token is required there too";
  EXPECT_FALSE(rules("typing:typing:members:1").subscribe.allows(false, false))
      << "and at each further level";
  std::string deep;
  for (int level = 0; level != 1'000'000; ++level) deep += "typing:";
  EXPECT_TRUE(rules(deep).subscribe.allows(false, false)) << "at any depth";
  EXPECT_FALSE(rules("typing:news:1").publish.allows(false, true));
  EXPECT_TRUE(rules("typing:news:1").subscribe.allows(true, false));
  EXPECT_TRUE(rules("typing:box:1").publish.allows(true, true));
  EXPECT_FALSE(rules("typing:box:1").publish.allows(true, false)) << "only subscribers may publish";
  EXPECT_FALSE(rules("typing:typing:members:1").subscribe.allows(false, false));
}

TEST(Namespaces, LetsTheFileConfigureTyping) {
  const Namespace typing = namespaces_of("[rooms.typing]\nhistory_size = 3\n").of("typing:tea");
  EXPECT_EQ(typing.options.history_size, 3);
  EXPECT_TRUE(typing.options.presence) << "it starts from the default rules";
}

TEST(Namespaces, DetectsRoomsOfTheDefaultNamespace) {
  const Namespaces namespaces = namespaces_of("[rooms.tea]\npresence = true\n");
  for (const char* room : {"tea", "lobby", "milk:tea", ":", "", "typing", "TEA:green"})
    EXPECT_TRUE(namespaces.is_in_default(room)) << room;
  for (const char* room : {"tea:", "tea:green:hot", "typing:tea"})
    EXPECT_FALSE(namespaces.is_in_default(room)) << room;
}

/// Returns the names that the namespaces refuse for a reason, in the order given.
std::vector<std::string> refused(const Namespaces& namespaces, RoomFault::Kind kind,
                                 const std::vector<std::string>& rooms) {
  std::vector<std::string> found;
  for (const std::string& room : rooms) {
    const auto checked = namespaces.check(room);
    if (!checked && checked.error().kind == kind) found.push_back(room);
  }
  return found;
}

TEST(Namespaces, RefuseUnknownOnesOnceOneIsDefined) {
  const std::vector<std::string> rooms{"tea",   ":tea",       "tea:1",        "milk:1",
                                       "TEA:1", "typing:tea", "typing:tea:1", "typing:milk:1"};
  const std::vector<std::string> unknown{"milk:1", "TEA:1", "typing:milk:1"};
  const auto refused_by = [&](std::string_view file, std::vector<const char*> flags = {}) {
    return refused(namespaces_of(file, std::move(flags)), RoomFault::Kind::unknown_namespace, rooms);
  };
  EXPECT_THAT(refused_by("[rooms]\npresence = false\n"), IsEmpty());
  EXPECT_EQ(refused_by("[rooms.tea]\npresence = false\n"), unknown);
  EXPECT_EQ(refused_by("[rooms.tea]\nchannel_regex = .*\n"), unknown);
  EXPECT_THAT(refused_by("[rooms]\nunknown_namespace = default\n[rooms.tea]\npresence = false\n"), IsEmpty());
  EXPECT_EQ(refused_by("[rooms]\nunknown_namespace = refuse\n"),
            (std::vector<std::string>{"tea:1", "milk:1", "TEA:1", "typing:tea:1", "typing:milk:1"}));
  const char* const tea = "[rooms]\nunknown_namespace = default\n[rooms.tea]\npresence = false\n";
  EXPECT_EQ(refused_by(tea, {"--unknown-namespace=refuse"}), unknown) << "the flag takes precedence";
  EXPECT_THAT(refused_by("unknown-namespace = default\n[rooms.tea]\npresence = false\n"), IsEmpty());
}

TEST(Namespaces, RefuseTypingOnlyWithItsRoom) {
  const Namespaces namespaces = namespaces_of("[rooms.typing]\npresence = true\n");
  EXPECT_TRUE(namespaces.check("typing:milk:1")) << "a namespace of the file is like any other";
  EXPECT_FALSE(namespaces.check("milk:1"));
}

TEST(Namespaces, MatchNamesByTheirExpression) {
  const Namespaces namespaces = namespaces_of(
      "[rooms]\nunknown_namespace = default\nchannel_regex = [a-z:]+\n"
      "[rooms.tea]\nchannel_regex = [0-9]+|x\n[rooms.cake]\npresence = true\n");
  EXPECT_EQ(refused(namespaces, RoomFault::Kind::bad_name,
                    {"lobby", "Lobby", "milk:x", "milk:1", "tea:1", "tea:x", "tea:x1", "tea:", "tea:tea:1",
                     "cake:ANY", "typing:lobby", "typing:Lobby", "typing:tea:1", "typing:tea:y"}),
            (std::vector<std::string>{"Lobby", "milk:1", "tea:x1", "tea:", "tea:tea:1", "typing:Lobby",
                                      "typing:tea:y"}));
  EXPECT_EQ(namespaces.check("tea:y").error().message,
            "The namespace 'tea' does not permit this name of a room.");
  EXPECT_EQ(namespaces.check("Lobby").error().message,
            "The default namespace does not permit this name of a room.");
}

TEST(Namespaces, DeriveMarksOfTypingFromTheRoom) {
  const Namespaces namespaces = namespaces_of(
      "[rooms]\nignore_channel_marks = true\n[rooms.tea]\nallow_user_limited_channels = true\n");
  EXPECT_TRUE(namespaces.of("typing:#42").rules.ignore_marks);
  EXPECT_FALSE(namespaces.of("typing:#42").rules.allow_user_limited);
  EXPECT_TRUE(namespaces.of("typing:tea:#42").rules.allow_user_limited);
  EXPECT_FALSE(namespaces.of("typing:tea:#42").rules.ignore_marks);
}

struct Switch {
  const char* key;
  std::function<bool&(Namespace&)> place;
};

TEST(Namespaces, ReadsEveryKey) {
  const std::vector<Switch> switches{
      {"presence", [](Namespace& of) -> bool& { return of.options.presence; }},
      {"join_leave", [](Namespace& of) -> bool& { return of.options.join_leave; }},
      {"history_durable", [](Namespace& of) -> bool& { return of.options.durable; }},
      {"force_push_join_leave", [](Namespace& of) -> bool& { return of.rules.force_push_join_leave; }},
      {"force_recovery", [](Namespace& of) -> bool& { return of.rules.force_recovery; }},
      {"force_positioning", [](Namespace& of) -> bool& { return of.rules.force_positioning; }},
      {"allow_user_limited_channels", [](Namespace& of) -> bool& { return of.rules.allow_user_limited; }},
      {"ignore_channel_marks", [](Namespace& of) -> bool& { return of.rules.ignore_marks; }},
      {"allow_subscribe_for_client", [](Namespace& of) -> bool& { return of.rules.subscribe.client; }},
      {"allow_subscribe_for_anonymous", [](Namespace& of) -> bool& { return of.rules.subscribe.anonymous; }},
      {"allow_publish_for_client", [](Namespace& of) -> bool& { return of.rules.publish.client; }},
      {"allow_publish_for_subscriber", [](Namespace& of) -> bool& { return of.rules.publish.subscriber; }},
      {"allow_publish_for_anonymous", [](Namespace& of) -> bool& { return of.rules.publish.anonymous; }},
      {"allow_presence_for_client", [](Namespace& of) -> bool& { return of.rules.presence.client; }},
      {"allow_presence_for_subscriber", [](Namespace& of) -> bool& { return of.rules.presence.subscriber; }},
      {"allow_presence_for_anonymous", [](Namespace& of) -> bool& { return of.rules.presence.anonymous; }},
      {"allow_history_for_client", [](Namespace& of) -> bool& { return of.rules.history.client; }},
      {"allow_history_for_subscriber", [](Namespace& of) -> bool& { return of.rules.history.subscriber; }},
      {"allow_history_for_anonymous", [](Namespace& of) -> bool& { return of.rules.history.anonymous; }},
  };
  for (const Switch& one : switches) {
    for (const bool value : {false, true}) {
      const std::string line = std::string(one.key) + " = " + (value ? "true" : "false") + "\n";
      Namespaces namespaces = namespaces_of("[rooms]\n" + line + "[rooms.tea]\n" + line);
      EXPECT_EQ(one.place(namespaces.others), value) << line;
      EXPECT_EQ(one.place(namespaces.named.at("tea")), value) << line;
      Namespace usual;
      Namespace read = namespaces.others;
      one.place(read) = one.place(usual);
      for (const Switch& other : switches)
        EXPECT_EQ(other.place(read), other.place(usual)) << line << "sets " << other.key;
    }
  }
  const Namespaces namespaces =
      namespaces_of("[rooms.tea]\nhistory_size = 7\nhistory_ttl = 1h30m\nslow_mode = 10s\n");
  EXPECT_EQ(namespaces.of("tea:1").rules.slow_mode, 10s);
  EXPECT_EQ(namespaces.of("cake").rules.slow_mode, 0s);
  EXPECT_EQ(namespaces.of("tea:1").options.history_size, 7);
  EXPECT_EQ(namespaces.of("tea:1").options.history_ttl, 90min);
}

TEST(Namespaces, NamesErrorsInTheFile) {
  EXPECT_THAT(error_of({}, "[rooms]\nhistory_sice = 1\n"),
              HasSubstr("'history_sice' is not an option of rooms"));
  EXPECT_THAT(error_of({}, "[rooms.tea]\nsugar = 1\n"),
              AllOf(HasSubstr("rooms.tea.sugar"), HasSubstr("'sugar' is not an option of rooms")));
  EXPECT_THAT(error_of({}, "[rooms]\nhistory_size = many\n"),
              AllOf(HasSubstr("rooms.history_size"), HasSubstr("'many'")));
  EXPECT_THAT(error_of({}, "[rooms.tea]\nhistory_size = -1\n"),
              AllOf(HasSubstr("rooms.tea.history_size"), HasSubstr("'-1'")));
  EXPECT_THAT(error_of({}, "[rooms]\nhistory_ttl = soon\n"), HasSubstr("'soon'"));
  EXPECT_THAT(error_of({}, "[rooms]\npresence = maybe\n"), HasSubstr("'maybe'"));
  EXPECT_THAT(error_of({}, "[rooms]\nallow_subscribe_for_subscriber = true\n"),
              HasSubstr("allow_subscribe_for_subscriber"))
      << "the key would have no effect";
  EXPECT_THAT(error_of({}, "[rooms.tea]\nchannel_regex = [a-z\n"),
              AllOf(HasSubstr("rooms.tea.channel_regex"), HasSubstr("missing ]")));
  EXPECT_THAT(error_of({}, "[rooms]\nchannel_regex =\n"), HasSubstr("rooms.channel_regex"));
  EXPECT_THAT(error_of({}, "[rooms]\nunknown_namespace = deny\n"), HasSubstr("refuse, default"));
  EXPECT_THAT(error_of({}, "[rooms.tea]\nunknown_namespace = refuse\n"),
              HasSubstr("'unknown_namespace' is not an option"))
      << "it is an option of all rooms";
  for (const char* name : {"two words", "a.b", "ti:me", "t\xc3\xa9"})
    EXPECT_THAT(error_of({}, "[rooms." + std::string(name) + "]\npresence = true\n"),
                HasSubstr("a namespace's name consists of"))
        << name;
  EXPECT_THAT(error_of({}, "[rooms." + std::string(65, 'x') + "]\npresence = true\n"),
              HasSubstr("a namespace's name consists of"));
  EXPECT_EQ(error_of({}, "[rooms." + std::string(64, 'x') + "]\npresence = true\n"), "no error");
  EXPECT_THAT(error_of({}, "[roms]\npresence = true\n"), HasSubstr("roms.presence"));
  const ConfigFile file("[rooms]\nsugar = 1\n");
  const auto command = parse({"--config", file.path()});
  ASSERT_FALSE(command);
  EXPECT_THAT(command.error().message, HasSubstr(file.path()));
}

TEST(Namespaces, PrefersFlagsOverTheFile) {
  const char* const file = "[rooms]\nhistory_size = 5\nhistory_ttl = 5s\n[rooms.tea]\nhistory_size = 6\n";
  const Namespaces alone = namespaces_of(file);
  EXPECT_EQ(alone.others.options.history_size, 5);
  EXPECT_EQ(alone.others.options.history_ttl, 5s);
  const Namespaces flags = namespaces_of(file, {"--history-size=7", "--history-ttl=1m"});
  EXPECT_EQ(flags.others.options.history_size, 7);
  EXPECT_EQ(flags.others.options.history_ttl, 1min);
  EXPECT_EQ(flags.of("tea:1").options.history_size, 6) << "the flags do not apply to a namespace";
  const Namespaces one_flag = namespaces_of(file, {"--history-size=0"});
  EXPECT_FALSE(one_flag.others.options.keeps_history());
  EXPECT_EQ(one_flag.others.options.history_ttl, 5s);
  const Variable variable("COROOM_HISTORY_TTL", "2m");
  EXPECT_EQ(namespaces_of(file).others.options.history_ttl, 2min);
}

TEST(Namespaces, KeepsMoreOnDiskByDefault) {
  constexpr std::size_t budget = std::size_t{8} << 20;
  const RoomOptions memory = namespaces_of("").others.options;
  EXPECT_EQ(memory.history_size, 100);
  EXPECT_EQ(memory.history_ttl, 24h);
  EXPECT_EQ(memory.history_bytes, budget);
  const char* const file =
      "[rooms.tea]\nhistory_size = 7\n[rooms.cake]\nhistory_ttl = 5s\nhistory_bytes = 1MiB\n";
  const Namespaces disk = namespaces_of(file, {"--data=/tmp/x"});
  EXPECT_EQ(disk.others.options.history_size, 10'000);
  EXPECT_EQ(disk.others.options.history_ttl, 24h * 30);
  EXPECT_EQ(disk.others.options.history_bytes, budget);
  EXPECT_EQ(disk.of("tea:1").options.history_size, 7);
  EXPECT_EQ(disk.of("tea:1").options.history_ttl, 24h * 30);
  EXPECT_EQ(disk.of("tea:1").options.history_bytes, 0) << "a size in the file removes the limit of bytes";
  EXPECT_EQ(disk.of("cake:1").options.history_size, 10'000);
  EXPECT_EQ(disk.of("cake:1").options.history_ttl, 5s);
  EXPECT_EQ(disk.of("cake:1").options.history_bytes, std::size_t{1} << 20);
  const Namespaces flags = namespaces_of("", {"--data=/tmp/x", "--history-size=50", "--history-bytes=2KiB"});
  EXPECT_EQ(flags.others.options.history_size, 50);
  EXPECT_EQ(flags.others.options.history_bytes, 2048);
  EXPECT_FALSE(namespaces_of("", {"--data=/tmp/x"}).of("typing:lobby").options.keeps_history());
}

TEST(Namespaces, SelectsSqliteOnlyWithADataFolder) {
  EXPECT_EQ(options_of("").data, std::nullopt);
  EXPECT_EQ(options_of("", {"--broker=sqlite", "--data=/tmp/x"}).data, "/tmp/x");
  EXPECT_EQ(options_of("broker = sqlite\ndata = /tmp/x\n").data, "/tmp/x");
  EXPECT_EQ(options_of("data = /tmp/x\n", {"--broker=sqlite"}).data, "/tmp/x");
  EXPECT_EQ(error_of({"--broker=sqlite"}), "--broker sqlite needs a folder: --data DIR");
  EXPECT_EQ(options_of("", {"--data=/tmp/x"}).data, "/tmp/x");
  EXPECT_EQ(options_of("data = /tmp/x\n", {"--broker=memory"}).data, std::nullopt);
  EXPECT_THAT(error_of({"--broker=redis"}), AllOf(HasSubstr("--broker"), HasSubstr("memory, sqlite")));
  EXPECT_THAT(error_of({"--broker=sqlite", "--data="}), HasSubstr("--data"));
}

}  // namespace
}  // namespace coroom::server
