// A room for every address: all who are connected to ws://localhost:8889/rooms/tea hear what one of them
// says.

#include <coroom/application.hpp>
#include <coroom/option_parser.hpp>

#include <iostream>

class MemberHandler : public coroom::WebSocketHandler {
  coroom::task<> open() override {
    membership_ = co_await application().room(path_arguments().front()).join(*this);
    if (!membership_.is_taken()) close(coroom::close_code::try_again_later, "too many rooms");
  }

  coroom::task<> on_message(coroom::Message message) override {
    co_await membership_.broadcast(std::move(message));
  }

  coroom::Membership membership_;  // who is destroyed has left the room
};

int main(int argc, char** argv) {
  coroom::OptionParser options;
  const auto port = options.define<std::uint16_t>("port", 8889, "TCP port to listen on; 0 picks a free one");
  options.parse_command_line_or_exit(argc, argv);

  coroom::Application application({coroom::route<MemberHandler>("/rooms/([^/]+)")});
  if (auto listening = application.listen(*port); !listening) {
    std::cerr << listening.error().message << '\n';
    return EXIT_FAILURE;
  }
  application.run(
      [&] { std::cout << "ws://localhost:" << application.endpoint().port() << "/rooms/" << std::endl; });
}
