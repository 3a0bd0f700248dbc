// The code that docs/library.md shows, in one program: http://localhost:8890/

#include <coroom/application.hpp>
#include <coroom/log.hpp>
#include <coroom/option_parser.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using coroom::Message;
using coroom::task;
using namespace std::chrono_literals;

class SumHandler : public coroom::WebSocketHandler {
  task<> on_message(Message message) override {
    if (message.kind == Message::Kind::binary) {
      close(1003, "text only");
      co_return;
    }
    boost::system::error_code fault;
    const auto numbers = boost::json::parse(message.data, fault);
    if (fault || !numbers.is_array()) {
      co_await write_message(boost::json::value{{"error", "expected an array of numbers"}});
      co_return;
    }
    std::int64_t sum = 0;
    for (const auto& number : numbers.get_array()) sum += number.to_number<std::int64_t>();
    co_await write_message(boost::json::value{{"sum", sum}});
  }
};

class TickHandler : public coroom::WebSocketHandler {
  task<> open() override {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    for (int second = 3; second > 0; --second) {
      co_await write_message(std::to_string(second));
      timer.expires_after(1s);
      co_await timer.async_wait(boost::asio::use_awaitable);
    }
    close(4000, "lift off");
  }

  task<> on_message(Message /*message*/) override { co_return; }
};

class MemberHandler : public coroom::WebSocketHandler {
  task<> prepare() override {
    if (get_cookie("user").value_or("").empty()) send_error(403, "Log in first.");
    co_return;
  }

  bool check_origin(std::string_view origin) override { return origin == "https://chat.example.org"; }

  std::optional<std::string> select_subprotocol(const std::vector<std::string>& offered) override {
    for (const std::string& each : offered) {
      if (each == "chat.v2" || each == "chat.v1") return each;
    }
    return std::nullopt;
  }

  std::optional<coroom::CompressionOptions> get_compression_options() const override {
    return coroom::CompressionOptions();
  }

  std::size_t max_message_size() const override { return 1024 * 1024; }
  std::chrono::milliseconds ping_interval() const override { return 10s; }

  task<> on_message(Message message) override {
    const coroom::Result<> sent = co_await write_message(message);
    if (!sent) std::cerr << "not sent: " << sent.error().message << '\n';
  }

  task<> on_close() override {
    std::cerr << request().remote_ip << " left with " << close_code().value() << ' ' << close_reason()
              << '\n';
    co_return;
  }
};

class PageHandler : public coroom::RequestHandler {
  void set_default_headers() override { set_header("Referrer-Policy", "same-origin"); }

  void write_error(const coroom::HttpError& error) override {
    write(boost::json::value{{"error", error.reason()}});
  }

  void on_sent(const coroom::Sent& sent) override {
    coroom::logging::info("request", {{"method", request().method},
                                      {"path", request().path},
                                      {"status", sent.status},
                                      {"bytes", sent.body_bytes},
                                      {"microseconds", sent.duration.count()}});
  }
};

class LoginHandler final : public PageHandler {
  task<> get() override {
    write("<form method=post><input name=user><button>Log in</button></form>");
    co_return;
  }

  task<> post() override {
    const std::string user = get_argument("user", "");
    if (user.empty()) throw coroom::HttpError(400, "Enter a name.");
    set_cookie("user", user, {.http_only = true});
    redirect("/login");
    co_return;
  }
};

int main(int argc, char** argv) {
  coroom::OptionParser options;
  const auto port = options.define<std::uint16_t>("port", 8890, "TCP port to listen on; 0 picks a free port");
  const auto patience =
      options.define<std::chrono::milliseconds>("drain", 10s, "time for sessions to end at shutdown");
  const auto config = options.define<std::string>("config", "", "file with options, one per line");
  options.parse_command_line_or_exit(argc, argv);
  auto read = options.parse_environment("TOUR_");
  if (read && !config->empty()) read = options.parse_config_file(*config);
  if (!read) {
    std::cerr << read.error().message << '\n';
    return EXIT_FAILURE;
  }

  coroom::Application application(
      {
          coroom::route<LoginHandler>("/login"),
          coroom::route<SumHandler>("/sum"),
          coroom::route<TickHandler>("/tick"),
          coroom::route<MemberHandler>("/member/([0-9]+)"),
      },
      {.default_handler = [] { return std::make_unique<PageHandler>(); },
       .timeouts = {.drain_timeout = *patience}});
  if (auto listening = application.listen(*port); !listening) {
    std::cerr << listening.error().message << '\n';
    return EXIT_FAILURE;
  }
  application.run(
      [&] { std::cout << "http://localhost:" << application.endpoint().port() << "/" << std::endl; });
}
