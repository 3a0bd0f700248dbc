#include "support/http_client.hpp"
#include "support/running_application.hpp"
#include "support/running_server.hpp"

#include <coroom/request_handler.hpp>
#include <coroom/websocket_handler.hpp>

#include <gtest/gtest.h>

namespace coroom::test {
namespace {

class CookieHandler : public RequestHandler {
 public:
  task<> get() override {
    const std::string what = get_argument("what", "");
    set_cookie("seat", "first");
    CookieOptions options;
    options.http_only = true;
    options.same_site = SameSite::lax;
    set_cookie("seat", "tea", options);
    clear_cookie("old", "/chat");
    if (what == "error") co_return send_error(403);
    if (what == "throw") throw std::runtime_error("on purpose");
    if (what == "away") co_return redirect("/elsewhere");
    if (what == "cookie") set_cookie("room", get_argument("value", ""));
    if (what == "field") set_header("X-Room", get_argument("value", ""));
    if (what == "name") add_header(get_argument("value", ""), "1");
    if (what == "location") co_return redirect(get_argument("value", ""));
    write("seat: " + get_cookie("seat").value_or("none"));
  }
};

class CookieSocket : public WebSocketHandler {
  task<> prepare() override {
    set_cookie("seat", "tea");
    co_return;
  }
  task<> on_message(Message) override { co_return; }
};

class SetCookie : public testing::Test {
 protected:
  SetCookie() { test_options(); }

  [[nodiscard]] RawResponse ask_for(const std::string& query) const {
    return get(app_.port(), "/?" + query, "Cookie: a=b; seat=2\r\n");
  }

  RunningApplication app_{{route<CookieHandler>("/"), route<CookieSocket>("/socket")}};
};

constexpr const char* seat = "Set-Cookie: seat=tea; Path=/; HttpOnly; SameSite=Lax\r\n";
constexpr const char* forgotten = "Set-Cookie: old=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/chat\r\n";

TEST_F(SetCookie, SendsLastCookieOfEachName) {
  const RawResponse answer = ask_for("");
  EXPECT_EQ(answer.body, "seat: 2");
  EXPECT_NE(answer.head.find(seat), std::string::npos) << answer.head;
  EXPECT_NE(answer.head.find(forgotten), std::string::npos) << answer.head;
  EXPECT_EQ(answer.head.find("first"), std::string::npos) << answer.head;
}

TEST_F(SetCookie, SendsCookiesWithErrorsAndRedirects) {
  for (const char* what : {"error", "throw", "away"}) {
    const RawResponse answer = ask_for("what=" + std::string(what));
    EXPECT_NE(answer.status, 200);
    EXPECT_NE(answer.head.find(seat), std::string::npos) << answer.head;
  }
}

TEST_F(SetCookie, SendsCookiesWithUpgrade) {
  const RawResponse answer = get(app_.port(), "/socket",
                                 "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
  EXPECT_EQ(answer.status, 101);
  EXPECT_EQ(answer.field("Set-Cookie"), "seat=tea; Path=/");
}

TEST_F(SetCookie, RejectsHeaderInjection) {
  for (const char* query :
       {"what=cookie&value=a;%20Domain=evil", "what=cookie&value=a%0d%0aX-Evil:%201",
        "what=cookie&value=a%00", "what=field&value=a%0d%0aX-Evil:%201", "what=field&value=a%0aX-Evil:%201",
        "what=field&value=a%00", "what=name&value=X-Evil:%201%0d%0aX",
        "what=name&value=", "what=location&value=/%0d%0aX-Evil:%201"}) {
    const RawResponse answer = ask_for(query);
    EXPECT_EQ(answer.status, 500) << query;
    EXPECT_EQ(answer.field("X-Evil"), std::nullopt) << query;
  }
  EXPECT_EQ(ask_for("what=field&value=%E8%8C%B6").field("X-Room"), "茶");
}

}  // namespace
}  // namespace coroom::test
