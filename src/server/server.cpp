#include "server/server.hpp"

#include "core/log.hpp"
#include "server/drain.hpp"
#include "server/embedded.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <sys/resource.h>
#include <utility>

namespace coroom::server {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// Our own page needs no script, style, frame or connection but those of this server.
constexpr const char* page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

constexpr std::size_t files_of_our_own =
    64;  // file descriptors that are no connections: log, epoll, listeners, assets

http::StaticFiles open_files(const Options& options) {
  if (!options.assets) return {std::make_unique<http::EmbeddedAssets>(embedded_files()), page_policy};
  // Somebody else's page may bring a policy of its own, in a meta element.
  return {std::make_unique<http::FolderAssets>(*options.assets), ""};
}

/// Every connection is a file descriptor, so the soft limit rises to the hard one. Gives how many connections
/// there may be: as many as were asked for, or as fit.
std::size_t connection_limit(const Options& options) {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  if (options.max_connections != 0) return options.max_connections;
  return std::max<std::size_t>(files.rlim_cur, 2 * files_of_our_own) - files_of_our_own;
}

}  // namespace

Result<std::unique_ptr<Server>> Server::open(const Options& options, const Clock& clock) {
  std::unique_ptr<Server> server(new Server(options, clock));
  if (auto listening = server->listen(); !listening) return tl::unexpected(listening.error());
  return server;
}

Server::Server(const Options& options, const Clock& clock)
    : options_(options),
      connections_(connection_limit(options)),
      files_(open_files(options)),
      shards_(options.threads),
      hub_(shards_, room::Settings{.announce_limit = options.announce_limit}, clock),
      chat_({hub_, options_.allowed_origins, options_.trusted_proxies, websocket_settings_, counters_}) {
  http_settings_.request_timeout = options.handshake_timeout;
  websocket_settings_.max_message_size = options.max_message_size;
  websocket_settings_.ping_interval = options.ping_interval;
  websocket_settings_.handshake_timeout = options.handshake_timeout;
  websocket_settings_.queue = {options.queue_limit, options.slow_consumer};
  add_routes();
}

Server::~Server() {
  stop();
}

Result<> Server::listen() {
  auto acceptors = net::open_acceptors(shards_, tcp::endpoint(options_.address, options_.port));
  if (!acceptors) return tl::unexpected(acceptors.error());
  endpoint_ = acceptors->front().local_endpoint();
  for (const auto& shard : shards_) {
    const auto accepted = [this, &running = *shard](tcp::socket socket) {
      const http::Context context{running, router_, http_settings_, counters_};
      running.connection_tasks().spawn(application::run_connection(std::move(socket), connections_, context));
    };
    listeners_.push_back(
        std::make_unique<net::Listener>(*shard, std::move((*acceptors)[shard->index()]), accepted));
  }
  return {};
}

void Server::add_routes() {
  router_.add("GET", "/chat", [this](http::Request request) -> task<http::Reply> {
    return [](const Chat& chat, http::Request asked) -> task<http::Reply> {
      co_return chat.respond(std::move(asked));
    }(chat_, std::move(request));
  });
  router_.set_fallback([this](http::Request request) -> task<http::Reply> {
    return [](const http::StaticFiles& files, http::Request asked) -> task<http::Reply> {
      co_return http::Reply(files.respond(asked));
    }(files_, std::move(request));
  });
}

void Server::start() {
  running_ = true;
  for (const auto& listener : listeners_) {
    const std::size_t index = static_cast<std::size_t>(&listener - listeners_.data());
    shards_[index].connection_tasks().spawn(listener->run());
  }
  shards_.start();
}

void Server::stop() {
  if (!std::exchange(running_, false)) return;
  std::vector<std::future<std::size_t>> drained;
  for (const auto& shard : shards_) {
    const auto end = [](net::Shard& on, net::Listener& listener,
                        std::chrono::milliseconds limit) -> task<std::size_t> {
      listener.stop();
      co_return co_await drain_connections(on, limit);
    };
    drained.push_back(asio::co_spawn(shard->executor(),
                                     end(*shard, *listeners_[shard->index()], options_.drain_timeout),
                                     asio::use_future));
  }
  std::size_t closed = 0;
  for (auto& shard : drained) closed += shard.get();
  // Only now can no connection open a room on another shard any more.
  std::vector<std::future<void>> emptied;
  for (const auto& shard : shards_) {
    emptied.push_back(asio::co_spawn(shard->executor(), shard->room_tasks().wait(), asio::use_future));
  }
  for (auto& shard : emptied) shard.get();
  shards_.stop_and_join();
  if (closed != 0)
    log::warning("drain timeout: connections closed without goodbye", {{"connections", closed}});
}

}  // namespace coroom::server
