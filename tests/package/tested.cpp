// A chat, and its test. The exit status is 0 if the test passes.

#include <coroom/testing.hpp>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>

using namespace std::chrono_literals;

class ChatRoomHandler final : public coroom::WebSocketHandler {
  coroom::task<> open() override { membership_ = (co_await application().room("chat").join(*this)).value(); }

  coroom::task<> on_message(coroom::Message message) override {
    if (message.data == "bye") {
      close(4000, "so long");
    } else {
      co_await membership_.publish(std::move(message));
    }
  }

  coroom::Membership membership_;
};

class TopicHandler final : public coroom::RequestHandler {
  coroom::task<> get() override {
    write("tea");
    co_return;
  }

  coroom::task<> post() override {
    if (request().body.empty()) throw coroom::HttpError(400, "Name a topic.");
    set_status(204);
    co_return;
  }
};

class NewsHandler final : public coroom::WebSocketHandler {
  coroom::task<> open() override { membership_ = (co_await application().room("news").join(*this)).value(); }
  coroom::task<> on_message(coroom::Message /*message*/) override { co_return; }

  coroom::Membership membership_;
};

coroom::task<> announce_the_hour(coroom::Application& application) {
  co_await application.room("news").publish({coroom::Message::Kind::text, "an hour has passed"});
}

void expect(bool good, const char* what) {
  if (!good) throw coroom::testing::Failure(what);
}

void test_chat() {
  coroom::testing::Server server(
      {coroom::route<ChatRoomHandler>("/chat"), coroom::route<TopicHandler>("/topic")});

  coroom::testing::WebSocket alice = server.websocket("/chat");
  coroom::testing::WebSocket bob = server.websocket("/chat");
  alice.send("hello");
  bob.expect("hello");
  alice.expect("hello");
  bob.expect_silence();
  bob.send("bye");
  expect(bob.close_code() == 4000, "the server closes with 4000");
  expect(bob.close_reason() == "so long", "the close frame has a reason");

  expect(server.get("/topic").body == "tea", "there is a topic");
  expect(server.post("/topic", "coffee").status == 204, "a topic may be set");
  expect(server.post("/topic", "").status == 400, "a topic needs a name");
}

void test_news() {
  const auto clock = std::make_shared<coroom::testing::ManualClock>();
  coroom::testing::Server server({coroom::route<NewsHandler>("/news")}, {.clock = clock});
  server.application().every(1h, [&server] { return announce_the_hour(server.application()); });
  coroom::testing::WebSocket reader = server.websocket("/news");
  clock->advance(1h);
  reader.expect("an hour has passed");
}

/// Expects that the call throws Failure.
template <class Call>
void expect_failure(Call call, const char* what) {
  try {
    call();
  } catch (const coroom::testing::Failure&) {
    return;
  }
  throw coroom::testing::Failure(what);
}

void test_failures() {
  coroom::testing::Server server(
      {coroom::route<ChatRoomHandler>("/chat"), coroom::route<TopicHandler>("/topic")});
  expect_failure([&] { std::ignore = server.websocket("/nowhere"); }, "a refused upgrade is a failure");
  coroom::testing::WebSocket alice = server.websocket("/chat");
  expect_failure([&] { alice.expect("hello", 50ms); }, "a missing message is a failure");
  alice.send("hello");
  expect_failure([&] { alice.expect_silence(); }, "a message breaks the silence");
  alice.send("other");
  expect_failure([&] { alice.expect("hello"); }, "another message is a failure");
  alice.close();
  expect_failure([&] { alice.send("late"); }, "nothing is sent after the close");
}

int main() {
  try {
    test_chat();
    test_news();
    test_failures();
  } catch (const std::exception& failure) {
    std::cerr << failure.what() << '\n';
    return EXIT_FAILURE;
  }
}
