#include "protocol/chat_lines.hpp"

#include "protocol/plain_encoder.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace coroom::detail::protocol {
namespace {

class ChatLinesTest : public testing::Test {
 protected:
  ChatLinesTest() {
    setenv("TZ", "Asia/Shanghai", 1);
    tzset();
  }

  static Publication publication(Publication::Kind kind, std::string data = "") {
    Publication made(kind, std::make_shared<const ClientInfo>("192.0.2.7"));
    made.data = std::move(data);
    made.time = std::chrono::system_clock::from_time_t(1767225599);  // 2025-12-31 23:59:59 UTC
    return made;
  }

  static std::string encoded(const Publication& made, AddressLines addresses = AddressLines::show) {
    std::string block;
    FrameWriter out(block);
    PlainEncoder(addresses).encode("tea", made, out);
    return block;
  }

  /// Returns the name that a line shows in place of the address.
  static std::string name_of(const ClientInfo& client_info, AddressLines addresses = AddressLines::show) {
    std::string line;
    append_line_head(line, client_info, addresses, std::chrono::system_clock::from_time_t(1767225599));
    return line.substr(1, line.find(']') - 1);
  }

  static ClientInfo page_user(std::string user, std::string address = "192.0.2.7") {
    ClientInfo client_info(std::move(address));
    client_info.user = std::move(user);
    client_info.hides_address = true;
    return client_info;
  }
};

TEST_F(ChatLinesTest, ShowsPageMessagesAsText) {
  const auto line_of = [](const char* data) {
    const std::string line = encoded(publication(Publication::Kind::json, data));
    return line.empty() ? line : line.substr(line.find("]-", line.find("]-") + 2) + 2);
  };
  EXPECT_EQ(line_of(R"({"text":"hello","id":"1","reply":3})"), "说：hello");
  EXPECT_EQ(line_of(R"({"edit":1,"text":"hello!"})"), "更正：hello!");
  EXPECT_EQ(line_of(R"({"delete":1})"), "撤回了一条消息");
  EXPECT_EQ(line_of(R"({"react":1,"emoji":"👍","on":true})"), "");
  EXPECT_EQ(line_of(R"("hello")"), "说：hello");
  EXPECT_EQ(line_of(R"({"text":"of another application"})"), "说：of another application");
  EXPECT_EQ(line_of(R"({"price":1.50})"), R"(说：{"price":1.50})");
}

TEST_F(ChatLinesTest, OmitsHiddenAddresses) {
  const std::string name = name_of(page_user("guest:ann"));
  EXPECT_EQ(name.size(), 8);
  EXPECT_EQ(name, name_of(page_user("guest:ann", "192.0.2.8"))) << "the same user at another address";
  EXPECT_NE(name, name_of(page_user("guest:bob"))) << "another user at the same address";
  EXPECT_EQ(name_of(page_user("")), name_of(page_user("")));
  EXPECT_NE(name_of(page_user("")), name_of(page_user("", "192.0.2.8")));
  EXPECT_NE(name_of(page_user("192.0.2.7")), name_of(page_user("")));
}

TEST_F(ChatLinesTest, HidesAddressesOfThePlainChat) {
  const ClientInfo client("192.0.2.7");
  EXPECT_EQ(name_of(client), "192.0.2.7");
  const std::string name = name_of(client, AddressLines::hide);
  EXPECT_EQ(name.size(), 8);
  EXPECT_EQ(name, name_of(page_user(""))) << "one address is one id";
  EXPECT_EQ(name_of(ClientInfo(), AddressLines::hide), "") << "a publication of the program has no name";
}

TEST_F(ChatLinesTest, MatchesTheSeedByteForByte) {
  EXPECT_EQ(encoded(publication(Publication::Kind::join)),
            "\x81\x31[192.0.2.7]-[2026-01-01 "
            "07:59:59]-\xe8\xbf\x9b\xe5\x85\xa5\xe8\x81\x8a\xe5\xa4\xa9\xe5\xae\xa4");
  EXPECT_EQ(encoded(publication(Publication::Kind::leave)),
            "\x81\x31[192.0.2.7]-[2026-01-01 "
            "07:59:59]-\xe7\xa6\xbb\xe5\xbc\x80\xe8\x81\x8a\xe5\xa4\xa9\xe5\xae\xa4");
  EXPECT_EQ(encoded(publication(Publication::Kind::text, "hi\n[x]")),
            "\x81\x2e[192.0.2.7]-[2026-01-01 07:59:59]-\xe8\xaf\xb4\xef\xbc\x9ahi\n[x]");
}

TEST_F(ChatLinesTest, PassesBinaryDataUnchanged) {
  EXPECT_EQ(encoded(publication(Publication::Kind::binary, std::string("\x00\xff", 2))),
            std::string("\x82\x02\x00\xff", 4));
}

TEST_F(ChatLinesTest, UpdatesTheTimeEverySecond) {
  std::string line;
  const auto time = std::chrono::system_clock::from_time_t(1767225599);
  append_line_head(line, "a", time);
  append_line_head(line, "a", time + std::chrono::seconds(1));
  EXPECT_EQ(line, "[a]-[2026-01-01 07:59:59]-[a]-[2026-01-01 08:00:00]-");
}

}  // namespace
}  // namespace coroom::detail::protocol
