// Short-lived rooms on coroom's library: "+NAME" joins the room of that name, "-NAME" leaves it, and each
// command is answered.

#include <coroom/application.hpp>
#include <coroom/option_parser.hpp>

#include <iostream>
#include <string>
#include <unordered_map>

class RoomsHandler : public coroom::WebSocketHandler {
  coroom::task<> on_message(coroom::Message message) override {
    std::string name = message.data.substr(1);
    if (message.data.front() == '+') {
      coroom::Membership membership = (co_await application().room(name).join(*this)).value();
      memberships_.insert_or_assign(std::move(name), std::move(membership));
    } else {
      memberships_.erase(name);
    }
    co_await write_message("ok");
  }

  std::unordered_map<std::string, coroom::Membership> memberships_;
};

int main(int argc, char** argv) {
  coroom::OptionParser options;
  const auto port = options.define<std::uint16_t>("port", 8000, "TCP port to listen on");
  const auto threads = options.define<std::size_t>("threads", 1, "number of threads");
  options.parse_command_line_or_exit(argc, argv);

  coroom::Application application(
      {coroom::route<RoomsHandler>("/rooms")},
      {.threads = *threads, .limits = {.rate_limit = {.messages = 0, .bytes = 0}}});
  if (auto listening = application.listen(*port); !listening) {
    std::cerr << listening.error().message << '\n';
    return EXIT_FAILURE;
  }
  application.run();
}
