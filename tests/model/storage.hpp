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

/// The data that survives a crash of the server, and a log of all writes, which the server does not see.
struct Storage {
  explicit Storage(const Clock& clock) : broker(make_memory_broker(clock)) {}

  std::shared_ptr<Broker> broker;
  std::map<std::string, std::vector<std::string>> log;  // by room: the data with the offsets 1, 2, 3…
};

/// The broker of one server: sometimes slow, sometimes failing, and dead once the server has crashed. A write
/// in progress at the crash is stored or lost.
class FaultyBroker final : public Broker {
 public:
  /// All arguments must outlive the broker.
  FaultyBroker(Storage& storage, Gates& gates, Chance& chance)
      : storage_(storage), gates_(gates), chance_(chance) {}

  void crash() { dead_ = true; }

  task<Result<Position>> publish(std::string room, SharedPublications publications,
                                 RoomOptions options) override;
  task<Result<History>> history(std::string room, HistoryFilter filter, RoomOptions options) override;
  task<Result<>> remove_history(std::string room) override;

 private:
  /// Waits at random. Returns an error if the call is to fail.
  task<Result<>> act();

  Storage& storage_;
  Gates& gates_;
  Chance& chance_;
  bool dead_ = false;
};

}  // namespace coroom::model
