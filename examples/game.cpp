// A game at 20 Hz. In each tick every player receives the places of all players.
//   coroom-example-game [--port N]
// A WebSocket client at ws://localhost:8894/game sends left, right, up, down or stop. The first message to it
// is its number, {"you":1}. Then a picture follows in each tick: {"tick":7,"players":{"1":[3,-2]}}.

#include <coroom/application.hpp>
#include <coroom/option_parser.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <string_view>

using namespace std::chrono_literals;

/// The players and their places. The application has one thread, so no lock is needed.
class World {
 public:
  /// Returns the number of the new player.
  std::uint64_t enter() {
    players_.emplace(++last_, Player());
    return last_;
  }

  void leave(std::uint64_t number) { players_.erase(number); }

  /// Returns false if the text is not a direction.
  bool steer(std::uint64_t number, std::string_view direction) {
    static const std::map<std::string_view, Vector> directions = {
        {"left", {-1, 0}}, {"right", {1, 0}}, {"up", {0, -1}}, {"down", {0, 1}}, {"stop", {0, 0}}};
    const auto found = directions.find(direction);
    if (found == directions.end()) return false;
    players_[number].speed = found->second;
    return true;
  }

  /// Moves every player, and returns the picture.
  boost::json::object tick() {
    boost::json::object picture;
    for (auto& [number, player] : players_) {
      player.place.x += player.speed.x;
      player.place.y += player.speed.y;
      picture[std::to_string(number)] = boost::json::array{player.place.x, player.place.y};
    }
    return {{"tick", ++ticks_}, {"players", std::move(picture)}};
  }

 private:
  struct Vector {
    int x = 0;
    int y = 0;
  };

  struct Player {
    Vector place;
    Vector speed;
  };

  std::map<std::uint64_t, Player> players_;
  std::uint64_t last_ = 0;
  std::uint64_t ticks_ = 0;
};

class PlayerHandler : public coroom::WebSocketHandler {
 public:
  explicit PlayerHandler(std::shared_ptr<World> world) : world_(std::move(world)) {}

 private:
  coroom::task<> open() override {
    number_ = world_->enter();
    co_await write_message(boost::json::value{{"you", number_}});
    membership_ = (co_await application().room("game").join(*this)).value();
  }

  coroom::task<> on_message(coroom::Message message) override {
    if (!world_->steer(number_, message.data)) close(4000, "expected left, right, up, down or stop");
    co_return;
  }

  coroom::task<> on_close() override {
    world_->leave(number_);
    co_return;
  }

  std::shared_ptr<World> world_;
  std::uint64_t number_ = 0;
  coroom::Membership membership_;
};

coroom::task<> tick(std::shared_ptr<World> world, coroom::Room room) {
  co_await room.publish(world->tick());
}

int main(int argc, char** argv) {
  coroom::OptionParser options;
  const auto port = options.define<std::uint16_t>("port", 8894, "TCP port to listen on; 0 picks a free port");
  options.parse_command_line_or_exit(argc, argv);

  const auto world = std::make_shared<World>();
  // A player that reads too slowly misses old pictures, and receives the newest.
  coroom::Application application(
      {coroom::route<PlayerHandler>("/game", world)},
      {.threads = 1, .limits = {.slow_consumer = coroom::SlowConsumer::drop_oldest}});
  const coroom::Room room = application.room("game");
  application.every(50ms, [world, room] { return tick(world, room); });
  if (auto listening = application.listen(*port); !listening) {
    std::cerr << listening.error().message << '\n';
    return EXIT_FAILURE;
  }
  application.run(
      [&] { std::cout << "ws://localhost:" << application.endpoint().port() << "/game" << std::endl; });
}
