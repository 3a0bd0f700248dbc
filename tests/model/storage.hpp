#pragma once

#include "model/chance.hpp"
#include "model/gates.hpp"

#include <coroom/broker.hpp>
#include <coroom/clock.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace coroom::model {

/// What outlives a crash of the server, and what was ever written to it, which the server knows nothing of.
struct Storage {
  explicit Storage(const Clock& clock) : broker(make_memory_broker(clock)) {}

  std::shared_ptr<Broker> broker;
  std::map<std::string, std::vector<std::string>> log;  // by room: what has the offsets 1, 2, 3…
};

/// The broker of one life of the server: slow at times, or failing, and dead once the server has crashed,
/// with whatever was under way written or not.
class FaultyBroker final : public Broker {
 public:
  /// All of them outlive it.
  FaultyBroker(Storage& storage, Gates& gates, Chance& chance)
      : storage_(storage), gates_(gates), chance_(chance) {}

  void crash() { dead_ = true; }

  task<Result<Position>> publish(std::string room, SharedPublications publications,
                                 RoomOptions options) override;
  task<Result<History>> history(std::string room, HistoryFilter filter, RoomOptions options) override;
  task<Result<>> remove_history(std::string room) override;

 private:
  /// Takes its time; an error if it fails.
  task<Result<>> act();

  Storage& storage_;
  Gates& gates_;
  Chance& chance_;
  bool dead_ = false;
};

}  // namespace coroom::model
