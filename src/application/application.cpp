#include "application/connection.hpp"
#include "application/dispatcher.hpp"
#include "application/drain.hpp"
#include "application/each_shard.hpp"
#include "application/room_access.hpp"
#include "application/settings_check.hpp"
#include "application/signals.hpp"
#include "core/host.hpp"
#include "core/insist.hpp"
#include "core/one_shot.hpp"
#include "core/owned_tasks.hpp"
#include "core/processors.hpp"
#include "core/sleep.hpp"
#include "core/thrown.hpp"
#include "net/listener.hpp"
#include "net/shard_group.hpp"
#include "net/tls_context.hpp"
#include "room/hub.hpp"

#include <coroom/application.hpp>
#include <coroom/log.hpp>

#include <boost/asio/execution/context.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <future>
#include <mutex>
#include <stdexcept>
#include <sys/resource.h>
#include <thread>
#include <tuple>

namespace coroom {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::size_t files_of_our_own = 64;  // descriptors of the log, epoll, listeners and assets

/// Returns the limit of connections: ResourceLimits::max_connections (0: as many as fit), but no more than
/// there are file descriptors. Raises the soft limit of those to the hard one first.
std::size_t connection_limit(const Settings& settings) {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  const std::size_t most = std::max<std::size_t>(files.rlim_cur, 2 * files_of_our_own) - files_of_our_own;
  if (settings.limits.max_connections > most) {
    logging::warning(
        "fewer connections than max_connections: raise the limit of file descriptors (ulimit -n)",
        {{"requested", settings.limits.max_connections}, {"connections", most}});
  }
  return settings.limits.max_connections == 0 ? most : std::min(settings.limits.max_connections, most);
}

std::size_t thread_count(const Settings& settings) {
  return settings.threads != 0 ? settings.threads : detail::available_processors();
}

/// Returns a rate whose burst leaves half of a member's queue for other publications.
detail::limits::Rate at_once_in_a_queue(std::size_t bytes_a_second, const Settings& settings) {
  detail::limits::Rate rate = detail::limits::Rate::with_ten_seconds_at_once(bytes_a_second);
  rate.burst = std::min(rate.burst, static_cast<double>(settings.limits.queue_limit) / 2);
  return rate;
}

/// Returns the memory for bodies, so that one body always fits; 0: no limit.
std::size_t body_memory(std::size_t wanted, const Settings& settings) {
  return wanted == 0 ? 0 : std::max(wanted, settings.limits.max_body_size);
}

detail::limits::AddressQuota::Limits quota_limits(const Settings& settings) {
  // The announced joins and leaves of one address. A crowd that reconnects at once is announced within some
  // seconds.
  constexpr detail::limits::Rate announced{.per_second = 20, .burst = 100};
  return {.rate = settings.limits.address_rate_limit,
          .rooms = settings.limits.max_address_rooms,
          .body_memory = body_memory(settings.limits.address_body_memory, settings),
          .reply_rate = settings.limits.address_reply_rate,
          .delivery_rate = settings.limits.address_delivery_rate,
          .queue_limit = settings.limits.address_queue_limit,
          .published = at_once_in_a_queue(settings.limits.address_rate_limit.bytes, settings),
          .announced = announced};
}

constexpr std::size_t disk_threads = 2;  // for reading static files

const SystemClock system_clock;

constexpr std::chrono::milliseconds moment{500};           // for tasks that only notice their cancellation
constexpr std::chrono::seconds patience_with_brokers{10};  // for brokers to keep pending publications

asio::io_context& context_of(const asio::any_io_executor& executor) {
  const auto* target = executor.target<asio::io_context::executor_type>();
  if (target == nullptr)
    throw std::invalid_argument("an application needs the executor of a boost::asio::io_context");
  return asio::query(*target, asio::execution::context);
}

void log_thrown(const std::exception_ptr& thrown) {
  logging::error("a spawned task threw", {{"error", detail::what_of(thrown)}});
}

// `owner` owns the objects that these coroutines use, and is released when they end.

task<> wait_for(detail::TaskGroup& tasks, std::shared_ptr<void> owner) {
  const auto keep = std::move(owner);
  co_await tasks.wait();
}

task<> cancel_all(detail::OwnedTasks& tasks, std::shared_ptr<void> owner) {
  const auto keep = std::move(owner);
  tasks.cancel();
  co_await tasks.wait();
}

/// Makes the first call at `next`, a time of timer_time(), and then one at each interval. Skips the times
/// that a slow call has missed.
task<> call_every(const Clock& clock, std::chrono::nanoseconds next, std::chrono::nanoseconds interval,
                  std::function<task<>()> call) {
  const auto is_cancelled = [](const asio::cancellation_state& state) {
    return state.cancelled() != asio::cancellation_type::none;
  };
  while (true) {
    co_await detail::sleep_until(clock, next);
    if (is_cancelled(co_await asio::this_coro::cancellation_state)) co_return;
    std::exception_ptr thrown;
    try {
      co_await call();
    } catch (...) {
      thrown = std::current_exception();
    }
    if (is_cancelled(co_await asio::this_coro::cancellation_state)) co_return;
    if (thrown) log_thrown(thrown);
    const std::chrono::nanoseconds late = detail::timer_time(clock) - next;
    next += interval * (1 + std::max<std::chrono::nanoseconds::rep>(0, late / interval));
  }
}

/// Ends the connections of a shard. Adds those without a close frame to `closed`, and unfinished coroutines
/// to `left`.
task<> end_connections_of(detail::net::Shard& on,
                          const std::vector<std::unique_ptr<detail::net::Listener>>& listeners,
                          std::chrono::milliseconds limit, std::atomic<std::size_t>& closed,
                          std::atomic<std::size_t>& left, std::shared_ptr<void> owner) {
  const auto keep = std::move(owner);
  for (const auto& listener : listeners) listener->stop();
  const detail::application::Drained drained =
      co_await detail::application::drain_connections(on, limit, moment);
  closed += drained.closed;
  left += drained.left;
}

RoomOptions room_options_unless_set(std::string_view /*room*/) {
  return {};
}

}  // namespace

class Application::Impl : public std::enable_shared_from_this<Impl> {
 public:
  /// `host`: the program's context; nullptr: the application has its own threads.
  Impl(std::vector<Route> routes, Settings wanted, asio::io_context* host)
      : settings(std::move(wanted)),
        of_handlers_(*this),
        clock_(settings.clock != nullptr ? *settings.clock : system_clock),
        moderation_(settings.moderation ? settings.moderation : std::make_shared<Moderation>(clock_)),
        broker_(settings.broker ? settings.broker : make_memory_broker(clock_)),
        addresses_({.connections = settings.limits.max_address_connections,
                    .new_a_second = settings.limits.max_address_rate,
                    .quota = quota_limits(settings)}),
        connections_(connection_limit(settings), addresses_),
        dispatcher_(of_handlers_, addresses_,
                    std::make_shared<detail::limits::ByteBudget>(settings.limits.total_queue_limit),
                    std::move(routes)),
        bodies_(body_memory(settings.limits.body_memory, settings)),
        shards_(host != nullptr ? std::make_unique<detail::net::ShardGroup>(*host, clock_)
                                : std::make_unique<detail::net::ShardGroup>(thread_count(settings), clock_)),
        work_((*shards_)[0].executor(), log_thrown),
        hub(detail::room::RoomServices{*shards_,
                                       {.limits = settings.limits,
                                        .published =
                                            at_once_in_a_queue(settings.limits.room_byte_rate, settings)},
                                       clock_,
                                       *broker_},
            settings.room_options ? settings.room_options : room_options_unless_set) {
    moderation_->limit_connections_of_users(settings.limits.max_user_connections);
  }

  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  /// Destroys the broker before the shards: one of its threads may still be returning from a call into a
  /// shard.
  ~Impl() {
    settings.broker.reset();
    broker_.reset();
  }

  /// Ends the application; leaves work running that does not end in time. Then waits for the moderation store
  /// and releases the broker: a thread of either may still be returning from a call into a shard.
  void end();

  Result<> listen(std::uint16_t port, std::string_view address);
  Result<> reload_tls();
  void start();
  void stop();
  static task<> async_stop(std::shared_ptr<Impl> self);
  void spawn(task<> work);
  static task<Statistics> statistics(std::shared_ptr<Impl> self);
  [[nodiscard]] Moderation& moderation() const { return *moderation_; }
  [[nodiscard]] const Clock& clock() const { return clock_; }

  Settings settings;
  Counters counters;
  std::vector<tcp::endpoint> endpoints;  // of the listeners
  asio::io_context waiting{1};           // run() waits in it

 private:
  enum class Phase { made, listening, serving, stopping, stopped };
  using Listeners = std::vector<std::unique_ptr<detail::net::Listener>>;

  /// The work that stop() could not end.
  struct Unfinished {
    std::size_t connections = 0;  // coroutines of connections
    std::vector<bool> well;       // by shard: whether it still responds
    bool work = false;            // tasks of spawn()
    bool rooms = false;
    bool threads = false;

    [[nodiscard]] bool anything() const {
      return connections != 0 || work || rooms || threads || std::ranges::count(well, false) != 0;
    }
  };

  [[nodiscard]] Phase phase() {
    const std::lock_guard<std::mutex> lock(phase_mutex_);
    return phase_;
  }
  void set_phase(Phase next) {
    const std::lock_guard<std::mutex> lock(phase_mutex_);
    phase_ = next;
  }
  void serve();
  void accept_on(detail::net::Shard& shard);
  void end_all(Unfinished& left);
  void end_connections(Unfinished& left);
  void end_work(Unfinished& left);
  void end_rooms(Unfinished& left);
  void leave(const Unfinished& left);
  [[nodiscard]] bool context_runs();
  void abandon(bool is_ours);

  Application of_handlers_;  // the application as seen by handlers
  const Clock& clock_;
  std::shared_ptr<Moderation> moderation_;
  std::shared_ptr<Broker> broker_;
  detail::limits::AddressLimits addresses_;
  detail::application::ConnectionCounter connections_;
  detail::application::Dispatcher dispatcher_;
  detail::limits::ByteBudget bodies_;
  detail::http::Receptionist receive_ = [this](const Request& request) {
    return dispatcher_.receive(request);
  };
  detail::http::Responder respond_ = [this](Request request) {
    return dispatcher_.dispatch(std::move(request));
  };
  detail::http::Refuser refuse_ = [this](unsigned status, std::string_view text, const Request& request) {
    return dispatcher_.refuse(status, text, request);
  };
  std::unique_ptr<detail::net::ShardGroup> shards_;
  detail::BlockingThreads disk_{disk_threads};    // destroyed before the shards, which its calls report to
  detail::OwnedTasks work_;                       // the program's tasks, on the first shard
  std::unique_ptr<detail::net::TlsContext> tls_;  // nullptr: HTTP without TLS
  std::vector<Listeners> listeners_;              // by shard
  std::mutex phase_mutex_;
  std::condition_variable stopped_;
  Phase phase_ = Phase::made;  // guarded by phase_mutex_
  bool keeps_broker_ = false;  // unfinished work may still use it

 public:
  detail::room::Hub hub;  // runs on the shards
};

Result<> Application::Impl::listen(std::uint16_t port, std::string_view address) {
  if (phase() != Phase::made) return failure("the application listens already or has stopped");
  if (auto sound = detail::application::check(settings); !sound) return sound;
  const auto addresses = detail::addresses_of(address);
  if (!addresses) return tl::unexpected(addresses.error());
  const auto proxies = parse_networks(settings.trusted_proxies);
  if (!proxies) return tl::unexpected(proxies.error());
  auto exempt = parse_networks(settings.limits.unlimited_networks);
  if (!exempt) return tl::unexpected(exempt.error());
  // A proxy's connections are those of many clients. They count for the client address that the proxy
  // reports.
  exempt->insert(exempt->end(), proxies->begin(), proxies->end());
  addresses_.exempt(std::move(*exempt));
  dispatcher_.trust(detail::http::TrustedProxies(*proxies));
  detail::application::HandlerServices services{.site = nullptr, .disk = &disk_};
  if (settings.site) {
    auto site = settings.site(settings.debug);
    if (!site) return tl::unexpected(site.error());
    services.site = std::move(*site);
  }
  dispatcher_.provide(std::move(services));

  if (!settings.tls.certificate.empty() || !settings.tls.key.empty()) {
    auto tls = detail::net::TlsContext::open(settings.tls);
    if (!tls) return tl::unexpected(tls.error());
    tls_ = std::move(*tls);
  }

  if (auto chosen = shards_->use(settings.io_backend); !chosen) return chosen;
  auto opened = detail::net::open_acceptors(*shards_, *addresses, port);
  if (!opened) return tl::unexpected(opened.error());
  listeners_.resize(shards_->size());
  for (detail::net::Acceptors& acceptors : *opened) {
    endpoints.push_back(acceptors.front().local_endpoint());
    for (const auto& shard : *shards_) {
      const auto accepted = [this, &running = *shard](tcp::socket socket,
                                                      const boost::asio::ip::address& peer) {
        const detail::http::HttpContext context{running,  settings.limits, settings.timeouts,
                                                receive_, respond_,        refuse_,
                                                disk_,    bodies_,         counters};
        detail::application::start_connection(std::move(socket), peer, tls_.get(), connections_, context);
      };
      const std::size_t index = shard->index();
      listeners_[index].push_back(
          std::make_unique<detail::net::Listener>(*shard, std::move(acceptors[index]), accepted));
    }
  }
  set_phase(Phase::listening);
  if (shards_->is_guest()) serve();
  return {};
}

Result<> Application::Impl::reload_tls() {
  return tls_ ? tls_->reload() : failure("the application does not use TLS");
}

void Application::Impl::start() {
  if (shards_->is_guest())
    throw std::logic_error(
        "on the program's executor, listen() starts the application: do not call start() or run()");
  if (phase() != Phase::listening)
    throw std::logic_error("an application starts only once, and after listen()");
  serve();
  shards_->start();
}

void Application::Impl::serve() {
  set_phase(Phase::serving);
  hub.open();
  for (const auto& shard : *shards_) {
    if (!shards_->is_guest()) {
      accept_on(*shard);  // before the shard's thread starts
      continue;
    }
    asio::post(shard->executor(), [weak = weak_from_this(), &shard = *shard] {
      const auto self = weak.lock();
      if (self && self->phase() == Phase::serving)
        detail::insist("listeners", [&] { self->accept_on(shard); });
    });
  }
}

void Application::Impl::accept_on(detail::net::Shard& shard) {
  for (const auto& listener : listeners_[shard.index()])
    shard.connection_tasks().spawn_lasting([&running = *listener] { return running.run(); });
}

void Application::Impl::stop() {
  {
    std::unique_lock<std::mutex> lock(phase_mutex_);
    if (phase_ != Phase::serving && phase_ != Phase::stopping) return;
    if (shards_->runs_in_this_thread())
      throw std::logic_error(
          "stop() would wait for its own thread: await async_stop(), or call request_stop()");
    if (phase_ == Phase::stopping) {
      stopped_.wait(lock, [this] { return phase_ == Phase::stopped; });
      return;
    }
    phase_ = Phase::stopping;
  }
  Unfinished left;
  {
    // A program's context may have no other work, and would then end before it runs the calls of stop().
    const auto stay = asio::make_work_guard((*shards_)[0].executor());
    end_all(left);
  }
  if (left.anything()) leave(left);
  const std::lock_guard<std::mutex> lock(phase_mutex_);
  phase_ = Phase::stopped;
  stopped_.notify_all();
}

void Application::Impl::end_all(Unfinished& left) {
  left.well.assign(shards_->size(), true);
  end_connections(left);
  end_work(left);
  // Only from here on can no connection open a room on another shard.
  end_rooms(left);
  left.threads = !shards_->stop_and_join(std::chrono::steady_clock::now() + moment);
  // Waits until the program's context has run all that was posted to it, while this object still exists.
  if (shards_->is_guest() && !context_runs()) left.well.front() = false;
}

void Application::Impl::end_connections(Unfinished& left) {
  struct Sum {
    std::atomic<std::size_t> closed = 0;
    std::atomic<std::size_t> left = 0;
  };
  const auto sum = std::make_shared<Sum>();
  const auto end = [self = shared_from_this(), sum](detail::net::Shard& on) {
    return end_connections_of(on, self->listeners_[on.index()], self->settings.timeouts.drain_timeout,
                              sum->closed, sum->left, self);
  };
  detail::application::EachShard drained(*shards_, left.well, end);
  left.well =
      drained.wait_until(std::chrono::steady_clock::now() + settings.timeouts.drain_timeout + 2 * moment);
  left.connections = sum->left;
  const std::size_t closed = sum->closed;
  if (closed != 0)
    logging::warning("drain timeout: connections closed without a close frame", {{"connections", closed}});
}

void Application::Impl::end_work(Unfinished& left) {
  std::vector<bool> wanted(shards_->size(), false);
  wanted.front() = left.well.front();
  const auto end = [self = shared_from_this()](detail::net::Shard&) { return cancel_all(self->work_, self); };
  detail::application::EachShard ended(*shards_, wanted, end);
  left.work = !ended.wait_until(std::chrono::steady_clock::now() + moment).front();
}

void Application::Impl::end_rooms(Unfinished& left) {
  hub.close();
  const auto end = [self = shared_from_this()](detail::net::Shard& on) {
    return wait_for(on.room_tasks(), self);
  };
  detail::application::EachShard emptied(*shards_, left.well, end);
  const auto ended = emptied.wait_until(std::chrono::steady_clock::now() + patience_with_brokers);
  left.rooms = std::ranges::count(ended, false) != 0;
}

/// Logs the unfinished work, and keeps this object forever, since that work may still use it.
void Application::Impl::leave(const Unfinished& left) {
  dispatcher_.log_running();
  if (left.work) logging::error("did not end in time", {{"part", "spawned tasks"}});
  if (left.rooms)
    logging::error("did not end in time", {{"part", "rooms with unfinished calls of their broker"}});
  if (left.threads) logging::error("did not end in time", {{"part", "threads that handlers block"}});
  keeps_broker_ = left.rooms || std::ranges::count(left.well, false) != 0;
  static std::mutex mutex;
  static auto& all = *new std::vector<std::shared_ptr<Impl>>();  // never destroyed
  const std::lock_guard<std::mutex> lock(mutex);
  all.push_back(shared_from_this());
}

task<> Application::Impl::async_stop(std::shared_ptr<Impl> self) {
  detail::OneShot<bool> answer(co_await asio::this_coro::executor);
  // On its own thread, since stop() blocks and must finish even if the caller is cancelled.
  std::thread([self = std::move(self), complete = answer.completion()]() mutable {
    detail::log_what_is_thrown("a stop failed", [&] { self->stop(); });
    self.reset();
    complete(true);
  }).detach();
  co_await answer.wait();
}

void Application::Impl::spawn(task<> work) {
  const std::lock_guard<std::mutex> lock(phase_mutex_);
  if (phase_ == Phase::stopping || phase_ == Phase::stopped)
    throw std::logic_error("the application is stopping or has stopped: it starts no more work");
  asio::post((*shards_)[0].executor(), [weak = weak_from_this(), work = std::move(work)]() mutable {
    if (const auto self = weak.lock()) std::ignore = self->work_.spawn(std::move(work));
  });
}

/// Returns whether the program's context runs, so that stop() can wait for it.
bool Application::Impl::context_runs() {
  const auto reached = std::make_shared<std::promise<void>>();
  auto answer = reached->get_future();
  asio::post((*shards_)[0].executor(), [reached] { reached->set_value(); });
  return answer.wait_for(moment) == std::future_status::ready;
}

/// Closes the connections of an application whose context does not run, or cannot run meanwhile. `is_ours`:
/// no other thread runs the context.
void Application::Impl::abandon(bool is_ours) {
  logging::warning(
      "an application is destroyed while it serves: connections are closed without a close frame");
  const auto close = [this, self = shared_from_this()] {
    detail::net::Shard& shard = (*shards_)[0];
    shard.begin_stop();
    for (const auto& listener : listeners_[0]) listener->stop();
    work_.cancel();
    for (detail::net::Connection& connection : shard.connections()) connection.abort();
  };
  if (is_ours) {
    close();
  } else {
    asio::post((*shards_)[0].executor(), close);
  }
  hub.close();
  Unfinished left;
  left.well = {false};
  leave(left);
}

void Application::Impl::end() {
  const Phase before = phase();
  const bool is_guest = shards_->is_guest();
  const bool is_here = shards_->runs_in_this_thread();
  const bool runs_elsewhere = !is_here && !(is_guest && (*shards_)[0].has_stopped());
  if (before == Phase::stopping && !runs_elsewhere) return;  // the stopping thread owns it
  if (before == Phase::serving && is_guest && (!runs_elsewhere || !context_runs())) {
    set_phase(Phase::stopped);
    abandon(!runs_elsewhere);
  } else if (before == Phase::serving && is_here) {
    Unfinished all;  // a handler has destroyed its own application
    all.well.assign(shards_->size(), false);
    leave(all);
  } else {
    stop();
  }
  if (keeps_broker_) return;
  moderation_->settle();
  settings.broker.reset();
  broker_.reset();
}

task<Statistics> Application::Impl::statistics(std::shared_ptr<Impl> self) {
  Statistics statistics;
  statistics.rooms = self->hub.size();
  for (const auto& shard : *self->shards_) {
    detail::OneShot<Statistics> answer(co_await asio::this_coro::executor);
    auto add = [&shard = *shard, before = statistics, complete = answer.completion()] {
      Statistics so_far = before;
      for (const detail::net::Connection& connection : shard.connections()) connection.add_to(so_far);
      shard.traffic().add_to(so_far);
      so_far.slow_turns += shard.slow_turns();
      complete(so_far);
    };
    if (const auto posted = self->hub.post(*shard, std::move(add)); !posted)
      throw std::logic_error(posted.error().message);
    statistics = co_await answer.wait();
  }
  co_return statistics;
}

Application::Application(std::vector<Route> routes, Settings settings)
    : impl_(std::make_shared<Impl>(std::move(routes), std::move(settings), nullptr)) {}

Application::Application(std::vector<Route> routes, Settings settings, const asio::any_io_executor& executor)
    : impl_(std::make_shared<Impl>(std::move(routes), std::move(settings), &context_of(executor))) {}

Application::Application(Impl& impl) : impl_(std::shared_ptr<void>(), &impl) {}

Application::~Application() {
  if (impl_.use_count() != 0) impl_->end();
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

task<> Application::async_stop() {
  return Impl::async_stop(impl_->shared_from_this());
}

void Application::spawn(task<> work) {
  impl_->spawn(std::move(work));
}

void Application::every(std::chrono::milliseconds interval, std::function<task<>()> call) {
  if (interval.count() <= 0) throw std::invalid_argument("every(): the interval must be positive");
  if (!call) throw std::invalid_argument("every(): the function is empty");
  const Clock& by = clock();
  spawn(call_every(by, detail::timer_time(by) + interval, interval, std::move(call)));
}

task<> Application::sleep_for(std::chrono::nanoseconds time) const {
  return detail::sleep_until(clock(), detail::timer_time(clock()) + time);
}

const Clock& Application::clock() const {
  return impl_->clock();
}

void Application::run(const std::function<void()>& started) {
  detail::application::Signals signals(  // before start(), as a signal may follow at once
      impl_->waiting, impl_->settings.tls.certificate.empty() ? detail::application::Signals::Reload()
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
  return detail::application::RoomAccess::room({impl_->shared_from_this(), &impl_->hub}, std::move(name));
}

std::size_t Application::rooms() const {
  return impl_->hub.size();
}

std::vector<RoomSize> Application::fullest_rooms(
    std::size_t limit, const std::function<bool(const RoomCandidate&)>& wanted) const {
  return impl_->hub.fullest(limit, wanted);
}

task<Statistics> Application::statistics() const {
  return Impl::statistics(impl_->shared_from_this());
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
