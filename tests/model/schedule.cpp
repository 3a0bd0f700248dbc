#include "model/schedule.hpp"

#include "model/guest.hpp"
#include "model/tally.hpp"
#include "support/manual_clock.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <vector>

namespace coroom::model {
namespace {

constexpr std::size_t guests = 3;
constexpr std::size_t steps = 200;

class World {
 public:
  explicit World(std::uint64_t seed) : chance_(seed) {
    for (std::size_t number = 0; number != guests; ++number)
      guests_.push_back(std::make_unique<Guest>("guest" + std::to_string(number), storage_));
    start();
  }

  void play() {
    for (std::size_t step = 0; step != steps; ++step) {
      take_a_step();
      for (const auto& guest : guests_) guest->must_be_content();
    }
    settle();
    look();
    crash();
  }

  /// Ends all that runs, whatever has become of it.
  void abandon() {
    if (!server_) return;
    for (const auto& guest : guests_) {
      if (guest->is_connected()) lost_.push_back(guest->cut());
    }
    settle();
  }

 private:
  void start() { server_ = std::make_unique<Server>(storage_, gates_, chance_, clock_); }

  void take_a_step() {
    const std::size_t what = chance_.below(1000);
    if (what < 250) {
      server_->turn(chance_.below(2));
    } else if (what < 350) {
      gates_.open_one(chance_);
    } else if (what < 380) {
      if (!lost_.empty()) notice_a_loss();
    } else if (what < 385) {
      crash();
      start();
    } else if (what < 400) {
      settle();
      look();
    } else {
      act(*guests_[chance_.below(guests)]);
    }
  }

  void act(Guest& guest) {
    const std::string room = rooms.at(chance_.below(rooms.size()));
    if (!guest.is_connected()) return guest.connect(*server_, chance_.below(2), chance_.percent(50));
    const std::size_t what = chance_.below(100);
    if (what < 6) {
      lost_.push_back(guest.cut());
    } else if (what < (guest.is_in(room) ? 10 : 60)) {
      guest.toggle(room, chance_.percent(50));
    } else if (what < 65) {
      guest.ask_who_is_in(room);
    } else if (what < 70) {
      guest.ask_for_history(room);
    } else {
      guest.publish(room);
    }
  }

  void notice_a_loss() {
    std::swap(lost_[chance_.below(lost_.size())], lost_.back());
    lost_.back()->end();
    ended_.push_back(std::move(lost_.back()));
    lost_.pop_back();
  }

  void settle() {
    server_->settle();
    while (!lost_.empty()) notice_a_loss();
    server_->settle();
  }

  /// When nothing is on its way, everybody knows everything, and who is in a room is who is connected to it.
  void look() {
    for (const auto& guest : guests_) guest->must_be_complete();
    for (const char* room : rooms) {
      std::set<std::string> there;
      for (const auto& guest : guests_) {
        if (guest->is_in(room)) there.insert(guest->connection()->name());
      }
      for (const auto& guest : guests_) guest->ask_who_is_in(room);
      server_->settle();
      for (const auto& guest : guests_) {
        if (guest->is_in(room) && guest->seen().at(room) != there)
          throw Violation{std::string(room) + ": ghosts"};
      }
      tally.looks += there.size();
    }
  }

  /// From one moment to the next nobody hears of the server any more, and nothing it does is written. Its
  /// coroutines are ended in good order all the same, and all of them must end.
  void crash() {
    ++tally.crashes;
    server_->broker.crash();
    for (const auto& guest : guests_) {
      if (guest->is_connected()) lost_.push_back(guest->cut());
    }
    settle();
    ended_.clear();
    server_->settle();
    if (server_->running() != 0 || server_->hub.size() != 0) throw Violation{"something did not end"};
    server_.reset();
    if (chance_.percent(10)) storage_ = Storage(clock_);  // as a broker in memory forgets
  }

  Chance chance_;
  test::ManualClock clock_;
  Gates gates_;
  Storage storage_{clock_};
  std::unique_ptr<Server> server_;
  std::vector<std::unique_ptr<Guest>> guests_;
  std::vector<std::shared_ptr<Connection>> lost_;   // and the server does not know yet
  std::vector<std::shared_ptr<Connection>> ended_;  // with commands that may still be under way
};

}  // namespace

std::string play(std::uint64_t seed) {
  World world(seed);
  try {
    world.play();
  } catch (const Violation& violation) {
    world.abandon();
    return violation.what;
  }
  return {};
}

}  // namespace coroom::model
