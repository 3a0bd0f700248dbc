// The chat of Tornado's tutorials: http://localhost:8000/

#include <coroom/application.hpp>
#include <coroom/connection_set.hpp>
#include <coroom/option_parser.hpp>
#include <coroom/web_site.hpp>

#include <ctime>
#include <filesystem>
#include <iostream>

class IndexHandler : public coroom::RequestHandler {
  coroom::task<> get() override {
    render("index.html");
    co_return;
  }
};

class ChatHandler : public coroom::WebSocketHandler {
 public:
  explicit ChatHandler(std::shared_ptr<coroom::ConnectionSet> users) : users_(std::move(users)) {}

 private:
  coroom::task<> open() override {
    users_->insert(connection());
    tell_all("进入聊天室");
    co_return;
  }

  coroom::task<> on_message(coroom::Message message) override {
    tell_all("说：" + message.data);
    co_return;
  }

  coroom::task<> on_close() override {
    users_->erase(connection());
    tell_all("离开聊天室");
    co_return;
  }

  void tell_all(const std::string& event) {
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    char time[32];
    std::strftime(time, sizeof time, "%Y-%m-%d %H:%M:%S", localtime_r(&now, &local));
    const std::string line = "[" + request().remote_ip.to_string() + "]-[" + time + "]-" + event;
    for (const coroom::ConnectionHandle& user : users_->all()) user.write_message(line);
  }

  std::shared_ptr<coroom::ConnectionSet> users_;
};

int main(int argc, char** argv) {
  coroom::OptionParser options;
  const auto port = options.define<std::uint16_t>("port", 8000, "TCP port to listen on");
  options.parse_command_line_or_exit(argc, argv);

  const std::filesystem::path here = std::filesystem::path(__FILE__).parent_path();
  coroom::Application application(
      {coroom::route<IndexHandler>("/"),
       coroom::route<ChatHandler>("/chat", std::make_shared<coroom::ConnectionSet>())},
      {.site = coroom::web_site({.static_path = here / "static", .template_path = here / "template"}),
       .debug = true});
  if (auto listening = application.listen(*port); !listening) {
    std::cerr << listening.error().message << '\n';
    return EXIT_FAILURE;
  }
  application.run([&] {
    std::cout << "http://localhost:" << application.endpoint().port() << "/\n" << std::flush;
  });
}
