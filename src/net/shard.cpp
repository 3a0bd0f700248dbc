#include "net/shard.hpp"

#include "core/insist.hpp"
#include "core/thrown.hpp"
#include "core/work_trail.hpp"

#include <coroom/log.hpp>

#include <boost/asio/post.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace coroom::detail::net {
namespace {

// Limits of one turn, so that a shard with endless ready work still sends.
constexpr unsigned turn_handlers = 4096;
constexpr std::chrono::milliseconds turn_time{1};
constexpr std::chrono::milliseconds longest_work{5};  // for one connection in one turn
constexpr std::size_t read_buffer_size = 64 * 1024;   // bytes
constexpr unsigned handlers_per_look_at_the_clock = 8;
constexpr unsigned questions_per_look_at_the_clock = 8;  // reading the clock costs as much as a small message

constexpr std::size_t bytes_a_turn = std::size_t{4}
                                     << 20;  // to send; the kernel copies them in a few milliseconds

/// Logs an exception of a handler, such as bad_alloc. It ends only that handler's work; the rest of the shard
/// continues.
template <class Call>
void contain(Call call) {
  detail::log_what_is_thrown("a handler of a shard threw", std::move(call));
}

/// Returns the number of ready handlers that `run` ran. If one threw, it returns 1.
template <class Run>
std::size_t ran(Run run) {
  std::size_t count = 1;
  contain([&] { count = run(); });
  return count;
}

void run_all(TurnTasks& tasks) {
  while (!tasks.empty()) {
    TurnTask& task = tasks.front();
    tasks.pop_front();
    contain([&task] { task.end_of_turn(); });
  }
}

void send_each(Senders& senders, std::size_t most) {
  while (most != 0 && !senders.empty()) {
    Sender& sender = senders.front();
    senders.pop_front();
    most -= std::min(most, send_once(sender));
  }
}

template <class Tasks, class Task>
void add_once(Tasks& tasks, Task& task) {
  if (!task.is_linked()) tasks.push_back(task);
}

}  // namespace

Shard::Shard(std::size_t index, const Clock& clock)
    : index_(index),
      clock_(clock),
      own_context_(std::make_unique<boost::asio::io_context>(1)),
      context_(*own_context_),
      stay_(context_.get_executor()),
      poller_(context_, [this] { on_sockets_ready(); }),
      timers_(context_.get_executor(), clock),
      call_runners_(context_.get_executor()),
      connection_tasks_(context_.get_executor()),
      room_tasks_(context_.get_executor()),
      read_buffer_(read_buffer_size) {}

// The work guard of a guest keeps only the guest's own idle context running. The program decides how long its
// context runs: a guard of the guest could stop that context when it is released.
Shard::Shard(boost::asio::io_context& host, const Clock& clock)
    : index_(0),
      clock_(clock),
      own_context_(std::make_unique<boost::asio::io_context>(1)),
      context_(host),
      stay_(own_context_->get_executor()),
      guest_(std::make_shared<char>(), this),
      poller_(host, [this] { on_sockets_ready(); }),
      timers_(host.get_executor(), clock),
      call_runners_(host.get_executor()),
      connection_tasks_(host.get_executor()),
      room_tasks_(host.get_executor()),
      read_buffer_(read_buffer_size) {}

Shard::~Shard() {
  while (!connections_.empty()) {
    Connection& connection = connections_.front();
    connections_.pop_front();
    connection.discard();
  }
}

void Shard::run() {
  // The kernel may interrupt the thread that made a ring, so this thread makes it. Without a ring, the shard
  // sends with plain system calls.
  contain([this] {
    if (uses_ring_) ring_ = SendRing::make();
  });
  while (begin_turn(true)) finish_turn();
  ring_.reset();
}

bool Shard::poll() {
  if (!begin_turn(false)) return false;
  finish_turn();
  return true;
}

/// Returns false if no work is ready.
bool Shard::begin_turn(bool may_wait) {
  detail::WorkTrail::of_this_thread().begin_turn();
  ++turn_;
  poller_.begin_turn();
  collect_sockets();
  // The last turn may have left bytes to send.
  if (dispatches_ || !flushing_.empty()) may_wait = false;
  bool waits = false;  // without memory for that, the next turn looks at the sockets
  contain([&] {
    if (may_wait) poller_.arm();
    waits = may_wait;
  });
  const bool has_run = ran([&] { return waits ? context_.run_one() : context_.poll_one(); }) != 0;
  return has_run || ((may_wait || !flushing_.empty()) && !context_.stopped());
}

/// Runs a handler that is ready, or one that becomes ready by a look at the sockets. Returns false if none
/// is.
bool Shard::run_next() {
  if (ran([this] { return context_.poll_one(); }) != 0) return true;
  collect_sockets();
  return dispatches_ && ran([this] { return context_.poll_one(); }) != 0;
}

/// Lets the context call the owners of the sockets that are ready, so that they run as its handlers do.
void Shard::collect_sockets() {
  if (dispatches_ || !poller_.collect()) return;
  contain([this] {
    boost::asio::post(context_, [this] {
      dispatches_ = false;
      dispatch_sockets();
    });
    dispatches_ = true;
  });
}

void Shard::dispatch_sockets() {
  poller_.dispatch(std::chrono::steady_clock::now() + turn_time);
}

/// Called by the context, which waited for the sockets.
void Shard::on_sockets_ready() {
  poller_.collect();
  dispatch_sockets();
  if (!guest_ || watched_ == 0) return;
  detail::insist("the sockets of a shard", [this] { poller_.arm(); });
  if (poller_.collect()) schedule_end_of_turn();
}

std::chrono::steady_clock::time_point Shard::now() {
  if (std::exchange(timed_turn_, turn_) != turn_) time_ = std::chrono::steady_clock::now();
  return time_;
}

void Shard::call_soon(Pollable& owner) {
  poller_.call_soon(owner);
  schedule_end_of_turn();
}

void Shard::watch(int socket, Pollable& owner) {
  if (guest_) poller_.arm();
  poller_.add(socket, owner);
  ++watched_;
}

/// A guest without sessions keeps no work in the context of the program.
void Shard::end_watch() {
  if (--watched_ != 0 || !guest_) return;
  poller_.disarm();
  call_runners_.release_idle();
}

void Shard::finish_turn() {
  using SteadyClock = std::chrono::steady_clock;
  detail::WorkTrail& trail = detail::WorkTrail::of_this_thread();
  // begin_turn() has run the first handler.
  auto now = SteadyClock::now();
  const auto begun = trail.begun().value_or(now);
  const auto deadline = begun + turn_time;
  for (unsigned handled = 1; handled < turn_handlers && run_next(); ++handled) {
    if (handled % handlers_per_look_at_the_clock != 0) continue;
    now = SteadyClock::now();
    if (now > deadline) break;
    trail.forget_steps();
  }
  const auto handled = SteadyClock::now();
  end_turn();
  if (const auto report = watch_.note(begun, handled, SteadyClock::now()))
    contain([&] { log_slow_turn(*report); });
}

void Shard::schedule_end_of_turn() {
  if (!guest_ || ends_turn_) return;
  detail::insist("the turn of a shard", [this] {
    boost::asio::post(context_, [weak = std::weak_ptr<Shard>(guest_)] {
      if (const auto shard = weak.lock()) shard->finish_turn_as_guest();
    });
    ends_turn_ = true;
  });
}

void Shard::finish_turn_as_guest() {
  ++turn_;
  end_turn();
  detail::WorkTrail::of_this_thread().begin_turn();
  ends_turn_ = false;
  poller_.begin_turn();
  poller_.collect();
  dispatch_sockets();
  if (poller_.has_calls() || poller_.collect() || !flushing_.empty() || !sealing_.empty())
    schedule_end_of_turn();
}

void Shard::log_slow_turn(const TurnWatch::Report& report) const {
  logging::warning("slow turn: all other connections of this thread waited",
                   {{"shard", index_},
                    {"ms", report.duration.count()},
                    {"handling_ms", report.handling.count()},
                    {"slow_turns", report.turns},
                    {"work", detail::WorkTrail::of_this_thread().text()}});
}

bool Shard::should_yield() {
  schedule_end_of_turn();
  if (asked_++ % questions_per_look_at_the_clock != 0) return false;
  const auto now = std::chrono::steady_clock::now();
  if (asked_ == 1) looked_at_ = now;
  return now - looked_at_ > longest_work;
}

void Shard::stop() {
  stay_.reset();
  own_context_->stop();
}

void Shard::seal_at_turn_end(TurnTask& task) {
  add_once(sealing_, task);
  schedule_end_of_turn();
}

void Shard::flush_at_turn_end(Sender& sender) {
  add_once(flushing_, sender);
  schedule_end_of_turn();
}

void Shard::end_turn() {
  asked_ = 0;
  run_all(sealing_);
  if (ring_ != nullptr) {
    bool works = false;
    contain([&] {
      ring_->send(flushing_, bytes_a_turn);
      works = true;
    });
    if (!works) ring_.reset();  // leftover entries would be submitted later
  } else {
    contain([this] { send_each(flushing_, bytes_a_turn); });
  }
  if (flushing_.empty()) traffic_.sent();
}

}  // namespace coroom::detail::net
