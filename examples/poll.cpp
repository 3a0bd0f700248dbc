// A poll for clients of the Centrifuge protocol. Subscribers of "poll" receive the count, and each call of
// the method "vote" by rpc counts. A client that subscribes later recovers the last count.

#include <coroom/centrifuge.hpp>
#include <coroom/option_parser.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>

#include <functional>
#include <iostream>
#include <map>
#include <mutex>

class Poll {
 public:
  coroom::task<tl::expected<std::string, coroom::CentrifugeError>> vote(coroom::CentrifugeCall call) {
    boost::system::error_code fault;
    const auto choice = boost::json::parse(call.data, fault);
    if (call.method != "vote")
      co_return tl::unexpected(coroom::CentrifugeError{404, "the only method is vote"});
    if (fault || !choice.is_string())
      co_return tl::unexpected(coroom::CentrifugeError{400, "the vote must be a string"});
    std::string counted = count(std::string(choice.get_string()));
    coroom::Publication publication{
        .kind = coroom::Publication::Kind::json, .client_info = call.client_info, .data = counted};
    const auto kept = co_await application->room("poll").publish(std::move(publication));
    if (!kept) co_return tl::unexpected(coroom::CentrifugeError{500, kept.error().message, true});
    co_return counted;
  }

  coroom::Application* application = nullptr;

 private:
  std::string count(const std::string& choice) {
    const std::lock_guard<std::mutex> lock(mutex_);  // clients are on several threads
    ++votes_[choice];
    return boost::json::serialize(boost::json::value_from(votes_));
  }

  std::mutex mutex_;
  std::map<std::string, std::uint64_t> votes_;
};

int main(int argc, char** argv) {
  coroom::OptionParser options;
  const auto port = options.define<std::uint16_t>("port", 8891, "TCP port to listen on; 0 picks a free port");
  options.parse_command_line_or_exit(argc, argv);

  Poll poll;
  coroom::RoomRules rules;
  rules.publish = {};  // only the poll publishes
  coroom::CentrifugeSettings centrifuge;
  centrifuge.rules = [&rules](std::string_view) { return rules; };
  centrifuge.on_rpc = std::bind_front(&Poll::vote, &poll);

  coroom::Settings settings;
  settings.room_options = [](std::string_view) {
    return coroom::RoomOptions{.history_size = 1, .history_ttl = std::chrono::hours(24)};
  };
  coroom::Application application(coroom::centrifuge_routes(centrifuge), settings);
  poll.application = &application;
  if (auto listening = application.listen(*port); !listening) {
    std::cerr << listening.error().message << '\n';
    return EXIT_FAILURE;
  }
  application.run([&] {
    std::cout << "ws://localhost:" << application.endpoint().port() << "/connection/websocket" << std::endl;
  });
}
