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

/// Returns a publication with this data and time.
inline Publication said(std::string data, Clock::TimePoint time = {}) {
  Publication publication(Publication::Kind::json, std::make_shared<const ClientInfo>(), std::move(data));
  publication.time = time;
  return publication;
}

/// Calls a broker from one thread, and waits for each call. It must outlive the broker, which may still post
/// after a result.
class BrokerCaller {
 public:
  template <class T>
  T wait(task<T> call) {
    auto ended = boost::asio::co_spawn(context_, std::move(call), boost::asio::use_future);
    context_.restart();
    context_.run();
    return ended.get();
  }

  /// Calls that throw if the broker gives an error.
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
