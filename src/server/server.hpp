#pragma once

#include "application/connection.hpp"
#include "core/clock.hpp"
#include "core/counters.hpp"
#include "http/router.hpp"
#include "http/session.hpp"
#include "http/static_files.hpp"
#include "net/listener.hpp"
#include "net/shard_group.hpp"
#include "room/hub.hpp"
#include "server/chat.hpp"
#include "server/options.hpp"
#include "websocket/settings.hpp"

#include <coroom/error.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace coroom::server {

/// The whole server, put together from its layers. Made and ended by one thread; its shards have threads of
/// their own.
class Server {
 public:
  /// Listens, but takes no connection yet. Fails if it can't, and says why. `clock` outlives the server.
  static Result<std::unique_ptr<Server>> open(const Options& options, const Clock& clock);

  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  void start();

  /// Takes no more connections, ends those there are, and joins every coroutine and thread. Takes no longer
  /// than the drain timeout and a moment.
  void stop();

  [[nodiscard]] boost::asio::ip::tcp::endpoint endpoint() const { return endpoint_; }
  [[nodiscard]] const Counters& counters() const { return counters_; }
  [[nodiscard]] std::size_t rooms() const { return hub_.size(); }

 private:
  Server(const Options& options, const Clock& clock);
  Result<> listen();
  void add_routes();

  Options options_;
  boost::asio::ip::tcp::endpoint endpoint_;
  Counters counters_;
  http::Settings http_settings_;
  websocket::Settings websocket_settings_;
  application::ConnectionCounter connections_;
  http::StaticFiles files_;
  http::Router router_;
  net::ShardGroup shards_;
  room::Hub hub_;
  Chat chat_;
  std::vector<std::unique_ptr<net::Listener>> listeners_;  // one a shard, in their order
  bool running_ = false;
};

}  // namespace coroom::server
