#include "application/connection.hpp"
#include "application/dispatcher.hpp"
#include "application/drain.hpp"
#include "application/settings_check.hpp"
#include "application/signals.hpp"
#include "application/site.hpp"
#include "core/answer.hpp"
#include "core/host.hpp"
#include "core/processors.hpp"
#include "net/listener.hpp"
#include "net/shard_group.hpp"
#include "net/tls_context.hpp"
#include "room/hub.hpp"

#include <coroom/application.hpp>
#include <coroom/log.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <future>
#include <stdexcept>
#include <sys/resource.h>

namespace coroom {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::size_t files_of_our_own =
    64;  // file descriptors that are no connections: log, epoll, listeners, assets

/// Every connection is a file descriptor, so the soft limit rises to the hard one. Gives how many connections
/// there may be: as many as were asked for, but no more than fit.
std::size_t connection_limit(const Settings& settings) {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  const std::size_t most = std::max<std::size_t>(files.rlim_cur, 2 * files_of_our_own) - files_of_our_own;
  if (settings.max_connections > most) {
    log::warning("fewer connections than asked for: a limit of file descriptors (ulimit -n)",
                 {{"asked", settings.max_connections}, {"connections", most}});
  }
  return settings.max_connections == 0 ? most : std::min(settings.max_connections, most);
}

std::size_t thread_count(const Settings& settings) {
  return settings.threads != 0 ? settings.threads : available_processors();
}

/// A rate of bytes of which no more comes at once than fits into the queue of a member beside what others
/// publish.
Rate at_once_in_a_queue(std::size_t bytes_a_second, const Settings& settings) {
  Rate rate = Rate::with_ten_seconds_at_once(bytes_a_second);
  rate.burst = std::min(rate.burst, static_cast<double>(settings.queue_limit) / 2);
  return rate;
}

/// One body always fits.
std::size_t body_memory(std::size_t wanted, const Settings& settings) {
  return wanted == 0 ? 0 : std::max(wanted, settings.max_body_size);
}

net::Account::Limits account_limits(const Settings& settings) {
  // Members see an address come and go; a crowd that comes back at once is announced within some seconds.
  constexpr Rate announced{.per_second = 20, .burst = 100};
  return {.rate = settings.address_rate_limit,
          .rooms = settings.max_address_rooms,
          .body_memory = body_memory(settings.address_body_memory, settings),
          .reply_rate = settings.address_reply_rate,
          .delivery_rate = settings.address_delivery_rate,
          .queue_limit = settings.address_queue_limit,
          .published = at_once_in_a_queue(settings.address_rate_limit.bytes, settings),
          .announced = announced};
}

http::Settings http_settings(const Settings& settings) {
  http::Settings made;
  made.tls_timeout = settings.tls_timeout;
  made.request_timeout = settings.handshake_timeout;
  made.keep_alive_timeout = settings.keep_alive_timeout;
  made.header_limit = settings.max_header_size;
  made.target_limit = settings.max_target_size;
  made.body_limit = settings.max_body_size;
  return made;
}

const SystemClock system_clock;

RoomOptions room_options_unless_set(std::string_view /*room*/) {
  return {};
}

}  // namespace

class Application::Impl {
 public:
  Impl(Application& self, std::vector<Route> routes, Settings wanted)
      : settings(std::move(wanted)),
        http_settings_(http_settings(settings)),
        clock_(settings.clock != nullptr ? *settings.clock : system_clock),
        moderation_(settings.moderation ? settings.moderation : std::make_shared<Moderation>(clock_)),
        broker_(settings.broker ? settings.broker : make_memory_broker(clock_)),
        addresses_({.connections = settings.max_address_connections,
                    .new_a_second = settings.max_address_rate,
                    .account = account_limits(settings)}),
        connections_(connection_limit(settings), addresses_),
        dispatcher_(self, addresses_, std::make_shared<net::ByteBudget>(settings.total_queue_limit),
                    std::move(routes)),
        bodies_(body_memory(settings.body_memory, settings)),
        shards_(thread_count(settings)),
        hub(room::House{shards_,
                        room::Settings{.announce_limit = settings.announce_limit,
                                       .max_rooms = settings.max_rooms,
                                       .published = at_once_in_a_queue(settings.room_byte_rate, settings)},
                        clock_, *broker_},
            settings.room_options ? settings.room_options : room_options_unless_set) {
    moderation_->limit_connections_of_users(settings.max_user_connections);
  }

  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  ~Impl() = default;

  /// After stop(). A broker may have a thread that is still on its way back from telling a shard something:
  /// it goes before the shards do. So may a store of rulings.
  void let_go() {
    moderation_->settle();
    settings.broker.reset();
    broker_.reset();
  }

  Result<> listen(std::uint16_t port, std::string_view address);
  Result<> reload_tls();
  void start();
  void stop();
  static task<Statistics> statistics(std::shared_ptr<Impl> self);
  [[nodiscard]] Moderation& moderation() const { return *moderation_; }

  Settings settings;
  Counters counters;
  std::vector<tcp::endpoint> endpoints;  // that it listens on
  asio::io_context waiting{1};           // of run(), which waits in it

 private:
  enum class Phase { made, listening, serving, stopped };
  using Listeners = std::vector<std::unique_ptr<net::Listener>>;

  void end_connections();
  void end_rooms();

  http::Settings http_settings_;
  const Clock& clock_;
  std::shared_ptr<Moderation> moderation_;
  std::shared_ptr<Broker> broker_;
  application::AddressLimits addresses_;
  application::ConnectionCounter connections_;
  application::Dispatcher dispatcher_;
  net::ByteBudget bodies_;
  http::Receptionist receive_ = [this](const Request& request) { return dispatcher_.receive(request); };
  http::Responder respond_ = [this](Request request) { return dispatcher_.dispatch(std::move(request)); };
  net::ShardGroup shards_;
  std::unique_ptr<net::TlsContext> tls_;  // none: it speaks HTTP without
  std::vector<Listeners> listeners_;      // of each shard, in their order
  Phase phase_ = Phase::made;

 public:
  room::Hub hub;  // on the shards
};

Result<> Application::Impl::listen(std::uint16_t port, std::string_view address) {
  if (phase_ != Phase::made) return failure("it has a port already");
  if (auto sound = application::check(settings); !sound) return sound;
  const auto addresses = addresses_of(address);
  if (!addresses) return tl::unexpected(addresses.error());
  const auto proxies = parse_networks(settings.trusted_proxies);
  if (!proxies) return tl::unexpected(proxies.error());
  auto exempt = parse_networks(settings.unlimited_networks);
  if (!exempt) return tl::unexpected(exempt.error());
  // A proxy brings the connections of many; those are counted by the address that it tells.
  exempt->insert(exempt->end(), proxies->begin(), proxies->end());
  addresses_.exempt(std::move(*exempt));
  dispatcher_.trust(http::TrustedProxies(*proxies));
  auto site = application::open_site(settings);
  if (!site) return tl::unexpected(site.error());
  dispatcher_.serve(std::move(*site), settings.static_url_prefix);

  if (!settings.tls_certificate.empty() || !settings.tls_key.empty()) {
    auto tls = net::TlsContext::open({settings.tls_certificate, settings.tls_key});
    if (!tls) return tl::unexpected(tls.error());
    tls_ = std::move(*tls);
  }

  if (auto chosen = shards_.use(settings.io_backend); !chosen) return chosen;
  auto opened = net::open_acceptors(shards_, *addresses, port);
  if (!opened) return tl::unexpected(opened.error());
  listeners_.resize(shards_.size());
  for (net::Acceptors& acceptors : *opened) {
    endpoints.push_back(acceptors.front().local_endpoint());
    for (const auto& shard : shards_) {
      const auto accepted = [this, &running = *shard](tcp::socket socket) {
        const http::Context context{running, receive_, respond_, bodies_, http_settings_, counters};
        application::start_connection(std::move(socket), tls_.get(), connections_, context);
      };
      const std::size_t index = shard->index();
      listeners_[index].push_back(
          std::make_unique<net::Listener>(*shard, std::move(acceptors[index]), accepted));
    }
  }
  phase_ = Phase::listening;
  return {};
}

Result<> Application::Impl::reload_tls() {
  return tls_ ? tls_->reload() : failure("it does not speak TLS");
}

void Application::Impl::start() {
  if (phase_ != Phase::listening)
    throw std::logic_error("an application starts once, after it has got its port from listen()");
  phase_ = Phase::serving;
  for (const auto& shard : shards_) {
    for (const auto& listener : listeners_[shard->index()]) shard->connection_tasks().spawn(listener->run());
  }
  hub.open();
  shards_.start();
}

void Application::Impl::stop() {
  if (phase_ != Phase::serving) return;
  phase_ = Phase::stopped;
  end_connections();
  // Only now can no connection open a room on another shard any more.
  end_rooms();
  shards_.stop_and_join();
}

void Application::Impl::end_connections() {
  const auto end = [](net::Shard& on, const Listeners& listeners,
                      std::chrono::milliseconds limit) -> task<std::size_t> {
    for (const auto& listener : listeners) listener->stop();
    co_return co_await application::drain_connections(on, limit);
  };
  std::vector<std::future<std::size_t>> drained;
  for (const auto& shard : shards_) {
    auto work = end(*shard, listeners_[shard->index()], settings.drain_timeout);
    drained.push_back(asio::co_spawn(shard->executor(), std::move(work), asio::use_future));
  }
  std::size_t closed = 0;
  for (auto& shard : drained) closed += shard.get();
  if (closed != 0)
    log::warning("drain timeout: connections closed without goodbye", {{"connections", closed}});
}

task<Statistics> Application::Impl::statistics(std::shared_ptr<Impl> self) {
  Statistics statistics;
  statistics.rooms = self->hub.size();
  for (const auto& shard : self->shards_) {
    Answer<Statistics> answer(co_await asio::this_coro::executor);
    const auto add = [&shard = *shard, before = statistics, tell = answer.teller()] {
      Statistics so_far = before;
      for (const net::Connection& connection : shard.connections()) connection.add_to(so_far);
      shard.traffic().add_to(so_far);
      so_far.slow_turns += shard.slow_turns();
      tell(so_far);
    };
    if (const auto posted = self->hub.post(*shard, add); !posted)
      throw std::logic_error(posted.error().message);
    statistics = co_await answer.wait();
  }
  co_return statistics;
}

void Application::Impl::end_rooms() {
  hub.close();
  std::vector<std::future<void>> emptied;
  for (const auto& shard : shards_)
    emptied.push_back(asio::co_spawn(shard->executor(), shard->room_tasks().wait(), asio::use_future));
  for (auto& shard : emptied) shard.get();
}

Application::Application(std::vector<Route> routes, Settings settings)
    : impl_(std::make_shared<Impl>(*this, std::move(routes), std::move(settings))) {}

Application::~Application() {
  stop();
  impl_->let_go();
}

Result<> Application::listen(std::uint16_t port, std::string_view address) {
  return impl_->listen(port, address);
}

tcp::endpoint Application::endpoint() const {
  return impl_->endpoints.empty() ? tcp::endpoint() : impl_->endpoints.front();
}

const std::vector<tcp::endpoint>& Application::endpoints() const {
  return impl_->endpoints;
}

Result<> Application::reload_tls() {
  return impl_->reload_tls();
}

void Application::start() {
  impl_->start();
}

void Application::stop() {
  impl_->stop();
}

void Application::run(const std::function<void()>& started) {
  application::Signals signals(  // before it serves: who sees that it does may end it at once
      impl_->waiting, impl_->settings.tls_certificate.empty() ? application::Signals::Reload()
                                                              : [this] { return reload_tls(); });
  start();
  if (started) started();
  signals.wait_for_stop();
  stop();
}

void Application::request_stop() {
  impl_->waiting.stop();
}

Room Application::room(std::string name) {
  return {std::shared_ptr<room::Hub>(impl_, &impl_->hub), std::move(name)};
}

std::size_t Application::rooms() const {
  return impl_->hub.size();
}

std::vector<RoomSize> Application::fullest_rooms(std::size_t limit,
                                                 const std::function<bool(std::string_view)>& wanted) const {
  return impl_->hub.fullest(limit, wanted);
}

task<Statistics> Application::statistics() const {
  return Impl::statistics(impl_);
}

Moderation& Application::moderation() const {
  return impl_->moderation();
}

const Settings& Application::settings() const {
  return impl_->settings;
}

const Counters& Application::counters() const {
  return impl_->counters;
}

Counters& Application::counters() {
  return impl_->counters;
}

}  // namespace coroom
