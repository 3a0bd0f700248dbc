#include "model/storage.hpp"

#include <utility>

namespace coroom::model {
namespace {

constexpr std::size_t slow_percent = 30;
constexpr std::size_t failing_percent = 10;

}  // namespace

task<Result<>> FaultyBroker::act() {
  if (chance_.percent(slow_percent)) co_await gates_.pass();
  if (dead_ || chance_.percent(failing_percent)) co_return failure("out of order");
  co_return Result<>();
}

task<Result<Position>> FaultyBroker::publish(std::string room, SharedPublications publications,
                                             RoomOptions options) {
  if (auto ready = co_await act(); !ready) co_return tl::unexpected(ready.error());
  auto written = co_await storage_.broker->publish(room, publications, options);
  for (const Publication& publication : *publications) storage_.log[room].push_back(publication.data);
  if (chance_.percent(slow_percent)) co_await gates_.pass();
  if (dead_) co_return failure("crashed after it was written");
  co_return written;
}

task<Result<History>> FaultyBroker::history(std::string room, HistoryFilter filter, RoomOptions options) {
  if (auto ready = co_await act(); !ready) co_return tl::unexpected(ready.error());
  auto read = co_await storage_.broker->history(std::move(room), filter, options);
  if (chance_.percent(slow_percent)) co_await gates_.pass();
  co_return read;
}

task<Result<>> FaultyBroker::remove_history(std::string room) {
  return storage_.broker->remove_history(std::move(room));
}

}  // namespace coroom::model
