#pragma once

#include <coroom/broker.hpp>
#include <coroom/task.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace coroom::test {

/// What somebody says, at that time.
inline Publication said(std::string data, Clock::TimePoint time = {}) {
  Publication publication(Publication::Kind::json, std::make_shared<const ClientInfo>(), std::move(data));
  publication.time = time;
  return publication;
}

/// Calls a broker from one thread, and waits for the end of each call. Outlives the broker, which may still
/// be at its end when the answer has come.
class BrokerCaller {
 public:
  template <class T>
  T wait(task<T> call) {
    auto ended = boost::asio::co_spawn(context_, std::move(call), boost::asio::use_future);
    context_.restart();
    context_.run();
    return ended.get();
  }

  /// The same of one that has to do what it is asked for; throws if it does not.
  ///@{
  Position publish(Broker& broker, const std::string& room, std::vector<Publication> publications,
                   const RoomOptions& options) {
    auto shared = std::make_shared<const std::vector<Publication>>(std::move(publications));
    return value_of(wait(broker.publish(room, std::move(shared), options)));
  }
  Position publish(Broker& broker, const std::string& room, Publication publication,
                   const RoomOptions& options) {
    return publish(broker, room, std::vector{std::move(publication)}, options);
  }
  History history(Broker& broker, const std::string& room, const HistoryFilter& filter,
                  const RoomOptions& options) {
    return value_of(wait(broker.history(room, filter, options)));
  }
  ///@}

 private:
  template <class T>
  static T value_of(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().message);
    return std::move(*result);
  }

  boost::asio::io_context context_{1};
};

}  // namespace coroom::test
