// Rooms for clients of the Centrifuge protocol at ws://localhost:8893/connection/websocket, with a moderator
// at the terminal. Each line is one command: `kick USER`, `ban USER`, `ban-network NETWORK`, `mute USER`,
// `slow ROOM`.

#include <coroom/centrifuge.hpp>
#include <coroom/moderation.hpp>
#include <coroom/option_parser.hpp>
#include <coroom/token_verifier.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <iostream>
#include <memory>
#include <string>
#include <string_view>

/// Accepts any token as the name of a user. Only an example may trust clients like that.
class Names : public coroom::TokenVerifier {
  tl::expected<coroom::ConnectionToken, coroom::TokenFault> connection(
      std::string_view token) const override {
    return coroom::ConnectionToken{.user = std::string(token)};
  }

  tl::expected<coroom::SubscriptionToken, coroom::TokenFault> subscription(
      std::string_view /*token*/) const override {
    return tl::unexpected(coroom::TokenFault::invalid);
  }
};

coroom::task<coroom::Result<>> obey(coroom::Moderation& moderation, std::string order, std::string whom) {
  using namespace std::chrono_literals;
  const auto tomorrow = std::chrono::system_clock::now() + 24h;
  if (order == "kick") {
    const std::size_t connections = moderation.kick(coroom::ConnectionFilter::user(whom));
    co_return connections != 0 ? coroom::Result<>() : coroom::failure("no connection of " + whom);
  }
  if (order == "ban") co_return co_await moderation.impose(coroom::Restriction::ban_user(whom, tomorrow));
  if (order == "ban-network") co_return co_await moderation.impose(coroom::Restriction::ban_network(whom));
  if (order == "mute") co_return co_await moderation.impose(coroom::Restriction::mute(whom, "", tomorrow));
  if (order == "slow") co_return co_await moderation.impose(coroom::Restriction::slow(whom, 10s));
  co_return coroom::failure("unknown command " + order);
}

int main(int argc, char** argv) {
  coroom::OptionParser options;
  const auto port = options.define<std::uint16_t>("port", 8893, "TCP port to listen on; 0 picks a free port");
  options.parse_command_line_or_exit(argc, argv);

  coroom::CentrifugeSettings centrifuge;
  centrifuge.tokens = std::make_shared<Names>();
  coroom::Application application(coroom::centrifuge_routes(centrifuge));
  if (auto listening = application.listen(*port); !listening) {
    std::cerr << listening.error().message << '\n';
    return EXIT_FAILURE;
  }
  application.start();
  std::cout << "ws://localhost:" << application.endpoint().port() << "/connection/websocket" << std::endl;
  boost::asio::thread_pool moderator(1);
  for (std::string order, whom; std::cin >> order >> whom;) {
    auto work = obey(application.moderation(), order, whom);
    const auto done = boost::asio::co_spawn(moderator, std::move(work), boost::asio::use_future).get();
    std::cout << (done ? "done" : done.error().message) << std::endl;
  }
}
