#include "log/line_writer.hpp"

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <mutex>
#include <optional>
#include <poll.h>
#include <string_view>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace coroom::detail::log {
namespace {

// Without a pause, a slow reader would receive a loss report after almost every line.
constexpr std::chrono::seconds between_reports{10};

/// Blocks all signals for a thread that is started meanwhile. There, SIGPIPE becomes an error of write().
/// Other signals are left to the threads that handle them.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all{};
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

/// Writes all of the text. Blocks while a non-blocking descriptor is full. Returns the part that was not
/// written.
std::string_view write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {  // another process that shares the open file may have set O_NONBLOCK
      pollfd ready{descriptor, POLLOUT, 0};
      poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      break;
    }
  }
  return text;
}

/// Ignores exceptions. The code that makes lines may run out of memory, and that cannot be logged at that
/// moment.
template <class Call>
void unless_thrown(const Call& call) {
  try {
    call();
  } catch (...) {  // NOLINT(bugprone-empty-catch)
  }
}

struct DelayedCall {
  LineWriter::SteadyClock::time_point when;
  std::function<void()> call;
};

}  // namespace

struct LineWriter::State {
  State(int to, std::size_t limit, LossReport on_loss)
      : descriptor(to), queue_limit(limit), report(std::move(on_loss)) {}

  const int descriptor;
  const std::size_t queue_limit;
  const LossReport report;
  std::atomic<std::uint64_t> lost{0};

  std::mutex mutex;
  std::condition_variable changed;
  std::condition_variable drained;
  std::deque<std::string> queue;
  std::size_t queued_bytes = 0;  // including the line that is being written
  std::optional<DelayedCall> timer;
  bool started = false;
  bool busy = false;
  bool given_up = false;

  // Used by the thread only.
  bool torn = false;  // the last line was written only in part
  bool writable = true;
  std::uint64_t reported = 0;
  SteadyClock::time_point last_report = SteadyClock::now();

  void run();
  void put(std::string_view line);
  void report_losses(std::uint64_t lost_so_far, bool caught_up);
};

void LineWriter::State::run() {
  std::unique_lock<std::mutex> lock(mutex);
  while (true) {
    busy = false;
    if (queue.empty()) drained.notify_all();
    const auto has_work = [this] { return !queue.empty() || (timer && timer->when <= SteadyClock::now()); };
    while (!has_work()) {
      if (timer) {
        changed.wait_until(lock, timer->when);
      } else {
        changed.wait(lock);
      }
    }
    busy = true;
    if (!queue.empty()) {
      const std::string line = std::move(queue.front());
      queue.pop_front();
      lock.unlock();
      put(line);
      lock.lock();
      queued_bytes -= line.size();
      const std::uint64_t lost_so_far = lost;
      const bool caught_up = queue.empty();  // then all lines that were queued before the losses are written
      lock.unlock();
      unless_thrown([&] { report_losses(lost_so_far, caught_up); });
      lock.lock();
    } else {
      const auto call = std::exchange(timer, std::nullopt)->call;
      lock.unlock();
      unless_thrown(call);
      lock.lock();
    }
  }
}

void LineWriter::State::put(std::string_view line) {
  if (torn && write_all(descriptor, "\n").empty()) torn = false;
  const std::string_view rest = torn ? line : write_all(descriptor, line);
  writable = rest.empty();
  if (writable) return;
  torn = torn || rest.size() != line.size();
  ++lost;
}

void LineWriter::State::report_losses(std::uint64_t lost_so_far, bool caught_up) {
  if (!report || !writable || lost_so_far == reported) return;
  if (!caught_up && SteadyClock::now() - last_report < between_reports) return;
  last_report = SteadyClock::now();
  const std::string line = report(lost_so_far - reported);
  reported = lost_so_far;
  put(line);
}

LineWriter::LineWriter(int descriptor, std::size_t queue_limit, LossReport report)
    : state_(std::make_shared<State>(descriptor, queue_limit, std::move(report))) {}

void LineWriter::write(std::string line) {
  State& state = *state_;
  const std::lock_guard<std::mutex> lock(state.mutex);
  if (!state.started) {
    const SignalsBlocked blocked;
    try {
      std::thread([shared = state_] { shared->run(); }).detach();
      state.started = true;
    } catch (const std::system_error&) {  // NOLINT(bugprone-empty-catch): the next line tries again
    }
  }
  if (!state.started || state.queued_bytes + line.size() > state.queue_limit) {
    ++state.lost;
    return;
  }
  const std::size_t size = line.size();
  state.queue.push_back(std::move(line));
  state.queued_bytes += size;  // last: push_back() may throw for lack of memory
  state.changed.notify_one();
}

void LineWriter::call_at(SteadyClock::time_point when, std::function<void()> call) {
  State& state = *state_;
  const std::lock_guard<std::mutex> lock(state.mutex);
  if (!state.started || state.timer) return;
  state.timer = DelayedCall{when, std::move(call)};
  state.changed.notify_one();
}

bool LineWriter::flush(std::chrono::milliseconds limit) {
  State& state = *state_;
  std::unique_lock<std::mutex> lock(state.mutex);
  const auto is_done = [&state] { return state.queue.empty() && !state.busy; };
  if (!state.given_up) state.given_up = !state.drained.wait_for(lock, limit, is_done);
  return is_done();
}

std::uint64_t LineWriter::lost() const {
  return state_->lost;
}

}  // namespace coroom::detail::log
