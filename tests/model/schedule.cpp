#include "model/schedule.hpp"

#include "model/sdk_client.hpp"
#include "model/tally.hpp"
#include "support/settable_clock.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <vector>

namespace coroom::model {
namespace {

constexpr std::size_t clients = 3;
constexpr std::size_t steps = 200;

class World {
 public:
  explicit World(std::uint64_t seed) : chance_(seed) {
    for (std::size_t number = 0; number != clients; ++number)
      clients_.push_back(std::make_unique<SdkClient>(
          "client" + std::to_string(number),
          number == 0 ? SdkClient::Subscribes::by_the_server : SdkClient::Subscribes::itself, storage_));
    start();
  }

  void play() {
    for (std::size_t step = 0; step != steps; ++step) {
      take_step();
      for (const auto& client : clients_) client->check_received();
    }
    settle();
    check_rooms();
    crash();
  }

  /// Ends all coroutines after a failure.
  void abandon() {
    if (!server_) return;
    for (const auto& client : clients_) {
      if (client->is_connected()) lost_.push_back(client->cut());
    }
    settle();
  }

 private:
  void start() { server_ = std::make_unique<SimulatedServer>(storage_, gates_, chance_, clock_); }

  void take_step() {
    const std::size_t choice = chance_.below(1000);
    if (choice < 250) {
      server_->turn(chance_.below(2));
    } else if (choice < 350) {
      gates_.open_one(chance_);
    } else if (choice < 380) {
      if (!lost_.empty()) notice_lost_connection();
    } else if (choice < 385) {
      crash();
      start();
    } else if (choice < 400) {
      settle();
      check_rooms();
    } else {
      act(*clients_[chance_.below(clients)]);
    }
  }

  void act(SdkClient& client) {
    const std::string room = rooms.at(chance_.below(rooms.size()));
    if (!client.is_connected()) return client.connect(*server_, chance_.below(2), chance_.percent(50));
    const std::size_t choice = chance_.below(100);
    if (choice < 6) {
      lost_.push_back(client.cut());
    } else if (choice < (client.is_subscribed(room) ? 10 : 60)) {
      client.toggle(room, chance_.percent(50));
    } else if (choice < 65) {
      client.request_presence(room);
    } else if (choice < 70) {
      client.request_history(room);
    } else {
      client.publish(room);
    }
  }

  void notice_lost_connection() {
    std::swap(lost_[chance_.below(lost_.size())], lost_.back());
    lost_.back()->end();
    ended_.push_back(std::move(lost_.back()));
    lost_.pop_back();
  }

  void settle() {
    server_->settle();
    while (!lost_.empty()) notice_lost_connection();
    server_->settle();
  }

  /// When nothing is in transit, clients have received everything, and presence lists exactly the subscribed
  /// clients.
  void check_rooms() {
    for (const auto& client : clients_) client->check_complete();
    for (const char* room : rooms) {
      std::set<std::string> members;
      for (const auto& client : clients_) {
        if (client->is_subscribed(room)) members.insert(client->connection()->name());
      }
      for (const auto& client : clients_) client->request_presence(room);
      server_->settle();
      for (const auto& client : clients_) {
        if (client->is_subscribed(room) && client->presence().at(room) != members)
          throw InvariantViolation{std::string(room) + ": presence differs from the subscriptions"};
      }
      tally.present += members.size();
    }
  }

  /// Cuts all connections at once, and discards further writes of the server. Its coroutines are still
  /// cancelled, and all of them must end.
  void crash() {
    ++tally.crashes;
    server_->broker.crash();
    for (const auto& client : clients_) {
      if (client->is_connected()) lost_.push_back(client->cut());
    }
    settle();
    ended_.clear();
    server_->settle();
    if (server_->running() != 0 || server_->hub.size() != 0)
      throw InvariantViolation{"a coroutine or a room did not end"};
    server_.reset();
    if (chance_.percent(10)) storage_ = Storage(clock_);  // like a broker in memory
  }

  Chance chance_;
  test::SettableClock clock_;
  Gates gates_;
  Storage storage_{clock_};
  std::unique_ptr<SimulatedServer> server_;
  std::vector<std::unique_ptr<SdkClient>> clients_;
  std::vector<std::shared_ptr<SimulatedConnection>> lost_;   // the server has not noticed yet
  std::vector<std::shared_ptr<SimulatedConnection>> ended_;  // their commands may still run
};

}  // namespace

std::string play(std::uint64_t seed) {
  World world(seed);
  try {
    world.play();
  } catch (const InvariantViolation& violation) {
    world.abandon();
    return violation.what;
  }
  return {};
}

}  // namespace coroom::model
