// Rooms for clients of the Centrifuge protocol with a moderator at the terminal: `kick USER`, `ban USER`,
// `ban-network NETWORK`, `mute USER`, `slow ROOM`, a line each.

#include <coroom/centrifuge.hpp>
#include <coroom/moderation.hpp>
#include <coroom/options.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <iostream>
#include <string>

coroom::task<coroom::Result<>> obey(coroom::Moderation& moderation, std::string order, std::string whom) {
  using namespace std::chrono_literals;
  const auto tomorrow = std::chrono::system_clock::now() + 24h;
  if (order == "kick") {
    moderation.kick(coroom::Whom::user(whom));
    co_return coroom::Result<>();
  }
  if (order == "ban") co_return co_await moderation.impose(coroom::Ruling::ban_user(whom, tomorrow));
  if (order == "ban-network") co_return co_await moderation.impose(coroom::Ruling::ban_network(whom));
  if (order == "mute") co_return co_await moderation.impose(coroom::Ruling::mute(whom, "", tomorrow));
  if (order == "slow") co_return co_await moderation.impose(coroom::Ruling::slow(whom, 10s));
  co_return coroom::failure("there is no order " + order);
}

int main(int argc, char** argv) {
  coroom::Options options;
  const auto port = options.define<std::uint16_t>("port", 8892, "TCP port to listen on; 0 picks a free one");
  options.parse_command_line_or_exit(argc, argv);

  coroom::Application application(coroom::centrifuge_routes());
  if (auto listening = application.listen(*port); !listening) {
    std::cerr << listening.error().message << '\n';
    return EXIT_FAILURE;
  }
  application.start();
  boost::asio::thread_pool moderator(1);
  for (std::string order, whom; std::cin >> order >> whom;) {
    auto work = obey(application.moderation(), order, whom);
    const auto done = boost::asio::co_spawn(moderator, std::move(work), boost::asio::use_future).get();
    std::cout << (done ? "done" : done.error().message) << std::endl;
  }
}
