// Calls that come too early or too late, or with data that can't be sent. The call fails, and no other client
// is disturbed.

#include "support/http_client.hpp"
#include "support/running_application.hpp"
#include "support/running_server.hpp"
#include "support/websocket_client.hpp"
#include "websocket/outgoing.hpp"

#include <coroom/application.hpp>
#include <coroom/centrifuge.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/value.hpp>
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

using SharedJournal = std::shared_ptr<Journal>;

/// Returns the exception that a call throws: "logic_error", "invalid_argument" or "nothing".
std::string thrown_by(const std::function<void()>& call) {
  try {
    call();
  } catch (const std::invalid_argument&) {
    return "invalid_argument";
  } catch (const std::logic_error&) {
    return "logic_error";
  }
  return "nothing";
}

/// Calls functions in its constructor that need the request.
class EarlyHandler : public WebSocketHandler {
 public:
  explicit EarlyHandler(const SharedJournal& journal) {
    const std::vector<std::function<void()>> calls = {
        [this] { std::ignore = request(); },
        [this] { std::ignore = application(); },
        [this] { std::ignore = path_arguments(); },
        [this] { std::ignore = get_argument("a"); },
        [this] { std::ignore = get_argument("a", "b"); },
        [this] { std::ignore = get_arguments("a"); },
        [this] { std::ignore = get_cookie("a"); },
        [this] { charge(1); },
        [this] { set_status(200); },
        [this] { set_header("a", "b"); },
        [this] { add_header("a", "b"); },
        [this] { set_cookie("a", "b"); },
        [this] { clear_cookie("a"); },
        [this] { write("a"); },
        [this] { write(boost::json::value(1)); },
        [this] { render("a"); },
        [this] { std::ignore = render_string("a"); },
        [this] { std::ignore = static_url("a"); },
        [this] { redirect("/"); },
        [this] { send_error(400); },
        [this] { finish(); },
        [this] { std::ignore = finished(); },
        [this] { std::ignore = max_message_size(); },
        [this] { std::ignore = rate_limit(); },
        [this] { std::ignore = connection(); },
        [this] { std::ignore = charge_received(1); },
        [this] { set_nodelay(true); },
        [this] { release_request(); },
    };
    for (const auto& call : calls) journal->note(thrown_by(call));
    for (const Result<>& result : {close(), ping(), push_message("a")})
      journal->note(result ? "nothing" : result.error().message);
  }

  task<> prepare() override {
    const Result<> early = co_await write_message("early");
    if (!early) send_error(400, early.error().message);
  }
  task<> on_message(Message /*message*/) override { co_return; }
};

TEST(Misuse, ReportsErrorBeforeOpen) {
  test_options();
  const auto journal = std::make_shared<Journal>();
  RunningApplication app({route<EarlyHandler>("/", journal)});
  const RawResponse answer = get(app.port(), "/");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body, "the connection is not open yet\n");
  auto events = journal->events();
  ASSERT_EQ(events.size(), 31);
  const std::vector<std::string> results(events.end() - 3, events.end());
  events.resize(28);
  EXPECT_THAT(events, testing::Each("logic_error"));
  EXPECT_THAT(results, testing::Each("the connection is not open yet"));
}

class EarlyRequest : public RequestHandler {
 public:
  EarlyRequest() : target_(request().target) {}
  task<> get() override { co_return; }

 private:
  std::string target_;
};

TEST(Misuse, SendsStatus500OnCallInConstructor) {
  test_options();
  RunningApplication app({route<EarlyRequest>("/")});
  EXPECT_EQ(get(app.port(), "/").status, 500);
}

/// Completes its response in the way that its path names, then tries to change it.
class FinishedHandler : public RequestHandler {
 public:
  explicit FinishedHandler(SharedJournal journal) : journal_(std::move(journal)) {}

  task<> get() override {
    const std::string& how = path_arguments().front();
    if (how == "error") {
      send_error(418, "no coffee");
    } else if (how == "redirect") {
      redirect("/elsewhere");
    } else {
      write("done");
      finish();
    }
    for (const std::function<void()>& call : std::vector<std::function<void()>>{
             [this] { send_error(500); },
             [this] { redirect("/"); },
             [this] { set_status(201); },
             [this] { set_header("X-Late", "1"); },
             [this] { add_header("X-Late", "1"); },
             [this] { set_cookie("late", "1"); },
             [this] { clear_cookie("late"); },
             [this] { write("late"); },
             [this] { write(boost::json::value("late")); },
             [this] { finish(); },
         })
      journal_->note(thrown_by(call));
    if (how == "throw") throw std::runtime_error("on purpose");
    co_return;
  }

 private:
  SharedJournal journal_;
};

class MisuseAfterEnd : public testing::Test {
 protected:
  MisuseAfterEnd() { test_options(); }

  SharedJournal journal_ = std::make_shared<Journal>();
};

TEST_F(MisuseAfterEnd, KeepsCompleteResponse) {
  RunningApplication app({route<FinishedHandler>("/(.*)", journal_)});
  const RawResponse finished = get(app.port(), "/finish");
  EXPECT_EQ(finished.status, 200);
  EXPECT_EQ(finished.body, "done");
  EXPECT_FALSE(finished.field("X-Late"));
  EXPECT_FALSE(finished.field("Set-Cookie"));
  EXPECT_EQ(get(app.port(), "/error").status, 418);
  EXPECT_EQ(get(app.port(), "/redirect").field("Location"), "/elsewhere");
  EXPECT_EQ(get(app.port(), "/throw").body, "done") << "a later exception is only logged";
  const auto events = journal_->events();
  EXPECT_EQ(events.size(), 40);
  EXPECT_THAT(events, testing::Each("logic_error"));
}

/// Tries to send an HTTP response after its session began.
class AnsweringHandler : public WebSocketHandler {
 public:
  explicit AnsweringHandler(SharedJournal journal) : journal_(std::move(journal)) {}

  task<> open() override {
    journal_->note(thrown_by([this] { send_error(403); }));
    journal_->note(thrown_by([this] { set_header("X-Late", "1"); }));
    journal_->note(thrown_by([this] { set_cookie("late", "1"); }));
    co_await write_message("opened");
  }
  task<> on_message(Message /*message*/) override { co_return; }

  task<> on_close() override {
    Room room = application().room("late");
    journal_->note(thrown_by([&] { std::ignore = room.join(*this); }));
    co_return;
  }

 private:
  SharedJournal journal_;
};

TEST_F(MisuseAfterEnd, ThrowsInSession) {
  RunningApplication app({route<AnsweringHandler>("/", journal_)});
  {
    RawWebSocketClient client(app.port(), "/");
    EXPECT_EQ(client.read_text(), "opened");
    client.leave();
  }
  app->stop();
  EXPECT_THAT(journal_->events(),
              testing::ElementsAre("logic_error", "logic_error", "logic_error", "logic_error"));
}

/// Sets statuses and fields that are invalid.
class BadHandler : public RequestHandler {
 public:
  explicit BadHandler(SharedJournal journal) : journal_(std::move(journal)) {}

  task<> get() override {
    for (const unsigned status : {0U, 101U, 199U, 600U, 1000U}) {
      journal_->note(thrown_by([&] { set_status(status); }));
      journal_->note(thrown_by([&] { send_error(status); }));
    }
    journal_->note(thrown_by([this] { set_header("X", "a\r\nb: c"); }));
    journal_->note(thrown_by([this] { set_header("X Y", "a"); }));
    journal_->note(thrown_by([this] { add_header("X", std::string(16 * 1024, 'x')); }));
    journal_->note(thrown_by([this] { redirect("/\r\nSet-Cookie: a=b"); }));
    set_status(200);
    write("fine");
    co_return;
  }

 private:
  SharedJournal journal_;
};

TEST(Misuse, RejectsInvalidResponseFields) {
  test_options();
  const auto journal = std::make_shared<Journal>();
  RunningApplication app({route<BadHandler>("/", journal)});
  EXPECT_EQ(get(app.port(), "/").body, "fine");
  EXPECT_EQ(journal->events().size(), 14);
  EXPECT_THAT(journal->events(), testing::Each("invalid_argument"));
}

/// A member of the room "tea".
class MemberHandler : public WebSocketHandler {
 public:
  task<> open() override {
    membership_ = (co_await application().room("tea").join(*this)).value();
    co_await write_message("joined");
  }
  task<> on_message(Message message) override {
    const auto kept =
        co_await membership_.publish(Publication(Publication::Kind::json, nullptr, message.data));
    if (!kept) co_await write_message(kept.error().message);
  }

 private:
  Membership membership_;
};

class MisuseOfPublish : public testing::Test {
 protected:
  MisuseOfPublish() { test_options(); }

  template <class T>
  static T run(task<T> call) {
    boost::asio::io_context context;
    auto ended = boost::asio::co_spawn(context, std::move(call), boost::asio::use_future);
    context.run();
    return ended.get();
  }

  RunningApplication app_{{route<MemberHandler>("/")}};
};

TEST_F(MisuseOfPublish, RejectsAllButOneJsonValue) {
  RawWebSocketClient member(app_.port(), "/");
  EXPECT_EQ(member.read_text(), "joined");
  const std::string refused = "the publication is not one JSON value";
  for (const char* data :
       {"", "not json", "1 2", R"({"x":1}},"id":7,"error":{"code":100,"message":"injected")"}) {
    const auto kept = run(app_->room("tea").publish(Publication(Publication::Kind::json, nullptr, data)));
    ASSERT_FALSE(kept) << data;
    EXPECT_EQ(kept.error().message, refused);
    member.send_text(std::string(data));
    EXPECT_EQ(member.read_text(), refused) << "and it was not delivered";
  }
  EXPECT_TRUE(
      run(app_->room("tea").publish(Publication(Publication::Kind::json, nullptr, "{\n\"x\": 1\r\n}"))));
  EXPECT_EQ(member.read_text(), "{ \"x\": 1  }");
  const boost::json::value value = {{"y", 2}};
  EXPECT_TRUE(run(app_->room("tea").publish(Publication::of(value))));
  EXPECT_EQ(member.read_text(), R"({"y":2})");
}

TEST(Misuse, RejectsInvalidConnectData) {
  CentrifugeSettings settings;
  settings.connect_data = R"({"a":1},"b":2)";
  EXPECT_THROW(centrifuge_routes(settings), std::invalid_argument);
  settings.connect_data = R"({"a":1})";
  EXPECT_NO_THROW(centrifuge_routes(settings));
}

TEST(Misuse, RejectsControlCharactersInCloseReason) {
  EXPECT_FALSE(detail::websocket::check(Disconnect(1000, "a\nb")));
  EXPECT_FALSE(detail::websocket::check(Disconnect(1000, std::string(1, '\0'))));
  EXPECT_TRUE(detail::websocket::check(Disconnect(1000, "再见")));
}

}  // namespace
}  // namespace coroom::test
