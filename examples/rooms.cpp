// A room for each path: a client of ws://localhost:8889/rooms/tea gets the messages of all clients there.

#include <coroom/application.hpp>
#include <coroom/option_parser.hpp>

#include <iostream>

class MemberHandler : public coroom::WebSocketHandler {
  coroom::task<> open() override {
    auto joined = co_await application().room(path_arguments().front()).join(*this);
    if (!joined) {
      close(coroom::close_code::try_again_later, "too many rooms");
      co_return;
    }
    membership_ = std::move(*joined);
  }

  coroom::task<> on_message(coroom::Message message) override {
    co_await membership_.publish(std::move(message));
  }

  coroom::Membership membership_;  // leaves the room when it is destroyed
};

int main(int argc, char** argv) {
  coroom::OptionParser options;
  const auto port = options.define<std::uint16_t>("port", 8889, "TCP port to listen on; 0 picks a free port");
  options.parse_command_line_or_exit(argc, argv);

  coroom::Application application({coroom::route<MemberHandler>("/rooms/([^/]+)")});
  if (auto listening = application.listen(*port); !listening) {
    std::cerr << listening.error().message << '\n';
    return EXIT_FAILURE;
  }
  application.run(
      [&] { std::cout << "ws://localhost:" << application.endpoint().port() << "/rooms/" << std::endl; });
}
