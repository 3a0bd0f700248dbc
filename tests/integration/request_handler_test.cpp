#include "support/http_client.hpp"
#include "support/running_application.hpp"
#include "support/running_server.hpp"
#include "testkit/request_builder.hpp"

#include <coroom/request_handler.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/json/object.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace coroom::test {
namespace {

using namespace testkit;

class NotesHandler : public RequestHandler {
 public:
  explicit NotesHandler(std::shared_ptr<Journal> journal) : journal_(std::move(journal)) {}

  task<> get() override {
    const std::string id = path_arguments().empty() ? "" : path_arguments().front();
    if (id == "throw") throw std::runtime_error("on purpose");
    if (id == "gone") co_return redirect("/notes/here", true);
    if (id == "wait") {
      journal_->note("waits");
      boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor,
                                      boost::asio::steady_timer::time_point::max());
      co_await timer.async_wait(as_result);
      journal_->note("woken");
      co_await timer.async_wait(as_result);
      journal_->note("went on in spite of it");
    }
    if (id == "json") {
      const boost::json::value value = boost::json::object({{"id", id}});
      co_return write(value);
    }
    add_header("X-Note", "1");
    write("<p>" + id);
    write(" " + get_argument("q", "none") + "</p>");
  }

  task<> post() override {
    set_status(201);
    for (const std::string& tag : get_arguments("tag")) write(tag + ";");
    co_return;
  }

 private:
  // Overrides may be private.
  task<> put() override {
    set_status(204);
    co_return;
  }

  std::shared_ptr<Journal> journal_;
};

class RequestHandlerTest : public testing::Test {
 protected:
  RequestHandlerTest() { test_options(); }

  [[nodiscard]] RawResponse send(const std::string& method, const std::string& target,
                                 const std::string& body) {
    return ask(
        app_.port(),
        RequestBuilder(method, target).field("Content-Type", "application/x-www-form-urlencoded").body(body));
  }

  std::shared_ptr<Journal> journal_ = std::make_shared<Journal>();
  RunningApplication app_{{route<NotesHandler>("/notes/(.*)", journal_)}};
};

TEST_F(RequestHandlerTest, SendsWrittenBody) {
  const RawResponse answer = get(app_.port(), "/notes/a%20b?q=1&q=%E4%BD%A0+x");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "<p>a b 你 x</p>");
  EXPECT_EQ(answer.field("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(answer.field("X-Note"), "1");
  const RawResponse json = get(app_.port(), "/notes/json");
  EXPECT_EQ(json.body, R"({"id":"json"})");
  EXPECT_EQ(json.field("Content-Type"), "application/json");
}

TEST_F(RequestHandlerTest, ReadsQueryAndForm) {
  const RawResponse answer = send("POST", "/notes/?tag=a", "tag=b+c&other=x&tag=%26");
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.body, "a;b c;&;");
}

TEST_F(RequestHandlerTest, RejectsMethodsWithoutOverride) {
  EXPECT_EQ(send("PUT", "/notes/x", "").status, 204);
  const RawResponse refused = send("DELETE", "/notes/x", "");
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(refused.field("Allow"), "GET, HEAD, POST, PUT, OPTIONS");
  EXPECT_EQ(send("BREW", "/notes/x", "").status, 405);
  EXPECT_EQ(get(app_.port(), "/nowhere").status, 404);
}

TEST_F(RequestHandlerTest, RedirectsAndFails) {
  const RawResponse moved = get(app_.port(), "/notes/gone");
  EXPECT_EQ(moved.status, 301);
  EXPECT_EQ(moved.field("Location"), "/notes/here");
  EXPECT_EQ(get(app_.port(), "/notes/throw").status, 500);
  EXPECT_EQ(get(app_.port(), "/notes/fine").status, 200);
}

TEST_F(RequestHandlerTest, DoesNotBlockStop) {
  TcpClient client(app_.port());
  client.send(RequestBuilder("GET", "/notes/wait"));
  EXPECT_TRUE(eventually([&] { return journal_->has("waits"); }));
  app_->stop();
  client.read_to_end();
  EXPECT_THAT(journal_->events(), testing::ElementsAre("waits", "woken"));
}

TEST_F(RequestHandlerTest, IsCancelledWhenClientDisconnects) {
  TcpClient client(app_.port());
  client.send(RequestBuilder("GET", "/notes/wait"));
  EXPECT_TRUE(eventually([&] { return journal_->has("waits"); }));
  client.close();
  EXPECT_TRUE(eventually([&] { return journal_->has("woken"); }));
  app_->stop();
  EXPECT_THAT(journal_->events(), testing::ElementsAre("waits", "woken"));
}

TEST_F(RequestHandlerTest, IsNotCancelledByNextRequest) {
  TcpClient client(app_.port());
  client.send(RequestBuilder("GET", "/notes/wait"));
  EXPECT_TRUE(eventually([&] { return journal_->has("waits"); }));
  client.send(RequestBuilder("GET", "/notes/x"));
  EXPECT_EQ(get(app_.port(), "/notes/y").status, 200);  // time for the server to read the other request
  EXPECT_FALSE(journal_->has("woken"));
}

class Unmakeable : public RequestHandler {
 public:
  Unmakeable() { throw std::runtime_error("on purpose"); }
  task<> get() override { co_return; }
};

/// Has no coroutine.
class PlainHandler : public RequestHandler {
  task<> prepare() override {
    set_header("X-Prepared", "1");
    return {};
  }
  task<> get() override {
    write("plain");
    return {};
  }
};

TEST(RequestHandlerRoutes, AcceptsEmptyTasks) {
  test_options();
  RunningApplication app({route<PlainHandler>("/")});
  const RawResponse answer = get(app.port(), "/");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "plain");
  EXPECT_EQ(answer.field("X-Prepared"), "1");
}

TEST(RequestHandlerRoutes, FailsWith500WithoutHandler) {
  RunningApplication app({route<NotesHandler>("/(a|aa)+b", nullptr), route<Unmakeable>("/x"),
                          route<NotesHandler>("/notes/(.*)", nullptr)});
  // Boost.Regex throws on a pattern with this many ways to match.
  EXPECT_EQ(get(app.port(), "/" + std::string(2000, 'a')).status, 500);
  EXPECT_EQ(get(app.port(), "/x").status, 500);
  EXPECT_EQ(get(app.port(), "/notes/fine").status, 200);
}

TEST(RequestHandlerRoutes, RejectsInvalidPattern) {
  EXPECT_THROW(Application({route<NotesHandler>("/notes/(", nullptr)}), std::invalid_argument);
}

TEST(RequestHandlerRoutes, RequiresValidSettings) {
  Settings settings = quick_settings();
  settings.trusted_proxies = {"10.0.0.0/33"};
  Application application({}, settings);
  const auto listening = application.listen(0);
  ASSERT_FALSE(listening);
  EXPECT_NE(listening.error().message.find("10.0.0.0/33"), std::string::npos);
  EXPECT_FALSE(Application({}).listen(0, "nowhere"));
}

}  // namespace
}  // namespace coroom::test
