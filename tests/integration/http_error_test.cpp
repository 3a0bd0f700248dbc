// Error responses of handlers, their format, and the hook that reports a sent response.
#include "support/http_client.hpp"
#include "support/running_application.hpp"
#include "support/running_server.hpp"
#include "support/websocket_client.hpp"
#include "testkit/request_builder.hpp"

#include <coroom/log.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace coroom::test {
namespace {

using namespace testkit;
using testing::HasSubstr;
using testing::Not;
using testing::UnorderedElementsAre;

/// Adds CORS fields to each response, and writes errors as JSON.
class ApiHandler : public RequestHandler {
 public:
  explicit ApiHandler(Journal& journal) : journal_(journal) {}

  void on_sent(const Sent& sent) override {
    journal_.note(request().method + ' ' + request().path + ' ' + std::to_string(sent.status) + ' ' +
                  std::to_string(sent.body_bytes) + (sent.whole ? "" : " cut"));
  }

 protected:
  void set_default_headers() override { set_header("Access-Control-Allow-Origin", "https://app.example"); }
  void write_error(const HttpError& error) override {
    if (error.reason() == "the page of errors fails") throw std::runtime_error("no page");
    write(boost::json::object{{"error", error.reason()}});
  }

 private:
  Journal& journal_;
};

class DoorHandler final : public ApiHandler {
 public:
  using ApiHandler::ApiHandler;

  task<> prepare() override {
    if (get_argument("closed")) throw HttpError(403, "This door is closed.");
    co_return;
  }
  task<> get() override {
    set_header("ETag", "\"of the door\"");
    set_header("X-Door", "oak");
    write("half a do");
    if (get_argument("who")) send_error(401, "Say who you are.", {{"WWW-Authenticate", "Basic"}});
    if (get_argument("fails")) throw HttpError(500, "the page of errors fails");
    if (get_argument("finish")) {
      finish();
      for (const auto& change : changes()) {
        EXPECT_THROW(change(), std::logic_error);
      }
      if (get_argument("throw")) throw HttpError(404);
    }
    co_return;
  }
  task<> put() override {
    throw std::runtime_error("the key broke");
    co_return;
  }

 private:
  std::vector<std::function<void()>> changes() {
    return {
        [this] { write("more"); },        [this] { send_error(500); },      [this] { redirect("/away"); },
        [this] { set_status(404); },      [this] { set_header("A", "b"); }, [this] { add_header("A", "b"); },
        [this] { clear_header("ETag"); }, [this] { set_cookie("a", "b"); }, [this] { finish(); }};
  }
};

class NobodyHome final : public ApiHandler {
 public:
  using ApiHandler::ApiHandler;
};

class HttpErrorResponse : public testing::Test {
 protected:
  [[nodiscard]] static Settings settings(Journal& journal) {
    Settings settings = quick_settings();
    settings.limits.max_body_size = 10;
    settings.default_handler = [&journal] { return std::make_unique<NobodyHome>(journal); };
    return settings;
  }

  [[nodiscard]] RawResponse send(const std::string& request, const std::string& more = "") {
    return ask(application_.port(), request + " HTTP/1.1\r\nHost: x\r\n" + more + "\r\n");
  }

  Journal journal_;
  RunningApplication application_{{route<DoorHandler>("/door", std::ref(journal_))}, settings(journal_)};
};

TEST_F(HttpErrorResponse, HasReasonOfThrownError) {
  const RawResponse closed = send("GET /door?closed=1");
  EXPECT_EQ(closed.status, 403);
  EXPECT_EQ(closed.body, R"({"error":"This door is closed."})");
  EXPECT_EQ(closed.field("Content-Type"), "application/json");
}

TEST_F(HttpErrorResponse, KeepsFieldsThatDoNotDescribeBody) {
  const RawResponse who = send("GET /door?who=1");
  EXPECT_EQ(who.status, 401);
  EXPECT_EQ(who.body, R"({"error":"Say who you are."})");
  EXPECT_EQ(who.field("WWW-Authenticate"), "Basic");
  EXPECT_EQ(who.field("X-Door"), "oak");
  EXPECT_EQ(who.field("Access-Control-Allow-Origin"), "https://app.example");
  EXPECT_FALSE(who.field("ETag"));
}

TEST_F(HttpErrorResponse, HidesReasonOfOtherExceptions) {
  const RawResponse broken = send("PUT /door", "Content-Length: 0\r\n");
  EXPECT_EQ(broken.status, 500);
  EXPECT_EQ(broken.body, R"({"error":"Internal Server Error"})");
  EXPECT_EQ(broken.field("Access-Control-Allow-Origin"), "https://app.example");
}

TEST_F(HttpErrorResponse, IsPlainTextIfErrorPageThrows) {
  const RawResponse failed = send("GET /door?fails=1");
  EXPECT_EQ(failed.status, 500);
  EXPECT_EQ(failed.body, "the page of errors fails\n");
  EXPECT_EQ(failed.field("Content-Type"), "text/plain; charset=utf-8");
}

TEST_F(HttpErrorResponse, DoesNotReplaceCompleteResponse) {
  for (const char* target : {"GET /door?finish=1", "GET /door?finish=1&throw=1"}) {
    const RawResponse done = send(target);
    EXPECT_EQ(done.status, 200) << target;
    EXPECT_EQ(done.body, "half a do") << target;
    EXPECT_EQ(done.field("ETag"), "\"of the door\"") << target;
  }
}

TEST_F(HttpErrorResponse, UsesDefaultHandlerWithoutRoute) {
  const std::string long_body = std::string("Content-Length: 11\r\n\r\n") + std::string(11, 'x');
  for (const auto& [request, more, status] :
       {std::tuple("GET /nowhere", std::string(), 404), std::tuple("PUT /door", long_body, 413),
        std::tuple("GET /door", std::string("Host: y\r\n"), 400)}) {
    const RawResponse answer = send(request, more);
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(answer.field("Content-Type"), "application/json") << request;
    EXPECT_EQ(answer.field("Access-Control-Allow-Origin"), "https://app.example") << request;
  }
  const RawResponse unreadable = ask(application_.port(), "nonsense\r\n\r\n");
  EXPECT_EQ(unreadable.status, 400);
  EXPECT_EQ(unreadable.field("Content-Type"), "application/json");
}

TEST_F(HttpErrorResponse, NamesAllowedMethods) {
  const RawResponse refused = send("DELETE /door");
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(refused.field("Allow"), "GET, HEAD, PUT, OPTIONS");
  EXPECT_EQ(refused.field("Access-Control-Allow-Origin"), "https://app.example");
  const RawResponse asked = send("OPTIONS /door");
  EXPECT_EQ(asked.status, 204);
  EXPECT_EQ(asked.field("Allow"), "GET, HEAD, PUT, OPTIONS");
}

TEST_F(HttpErrorResponse, IsReportedWhenSent) {
  std::ignore = send("GET /door");
  TcpClient client(application_.port());
  client.send(RequestBuilder("HEAD", "/door"));
  std::ignore = read_response(client, true);
  std::ignore = send("GET /nowhere");
  EXPECT_TRUE(eventually([&] { return journal_.events().size() == 3; }));
  // The requests have a connection each, so the order may differ.
  EXPECT_THAT(journal_.events(),
              UnorderedElementsAre("GET /door 200 9", "HEAD /door 200 0", "GET /nowhere 404 45"));
}

/// Writes a body that must not be logged.
class SecretHandler final : public RequestHandler {
 public:
  task<> get() override {
    set_status(400);
    write("the code is swordfish");
    co_return;
  }
};

TEST(HttpError, IsLoggedWithoutBody) {
  Journal lines;
  logging::configure(logging::Level::info, logging::Format::text);  // other tests of this process turn it off
  logging::redirect([&](logging::Level, std::string_view line) { lines.note(std::string(line)); });
  {
    RunningApplication application({route<SecretHandler>("/")});
    EXPECT_EQ(get(application.port(), "/").body, "the code is swordfish");
  }
  logging::redirect(nullptr);
  EXPECT_THAT(lines.events(), testing::Contains(HasSubstr("status=400")));
  EXPECT_THAT(lines.events(), testing::Each(Not(HasSubstr("swordfish"))));
}

TEST(HttpError, RequiresErrorStatusAndHasReason) {
  EXPECT_THROW(throw HttpError(200), std::invalid_argument);
  EXPECT_THROW(throw HttpError(600), std::invalid_argument);
  EXPECT_EQ(HttpError(404).reason(), "Not Found");
  EXPECT_FALSE(HttpError(499).reason().empty());
  EXPECT_STREQ(HttpError(403, "Closed.").what(), "Closed.");
}

}  // namespace
}  // namespace coroom::test
