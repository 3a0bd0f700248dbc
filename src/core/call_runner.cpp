#include "core/call_runner.hpp"

#include "core/insist.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/intrusive/slist.hpp>

#include <cstddef>
#include <new>
#include <utility>

namespace coroom::detail {
namespace {

namespace asio = boost::asio;

constexpr std::size_t most_idle = 64;

/// A completion handler of Asio, kept in place.
class KeptHandler {
 public:
  KeptHandler() = default;
  KeptHandler(const KeptHandler&) = delete;
  KeptHandler& operator=(const KeptHandler&) = delete;
  ~KeptHandler() = default;  // empty: its coroutine owns it

  template <class Handler>
  void keep(Handler handler) {
    static_assert(sizeof(KeptAs<Handler>) <= sizeof memory_ && alignof(KeptAs<Handler>) <= alignof(void*));
    kept_ = new (memory_) KeptAs<Handler>(std::move(handler));
  }

  [[nodiscard]] bool is_empty() const { return kept_ == nullptr; }

  /// Calls the handler, which is taken out first.
  void call() { std::exchange(kept_, nullptr)->call(); }

  /// Destroys the handler, which is taken out first.
  void drop() { std::exchange(kept_, nullptr)->drop(); }

 private:
  struct AnyHandler {
    virtual void call() = 0;
    virtual void drop() = 0;

   protected:
    ~AnyHandler() = default;
  };

  template <class Handler>
  struct KeptAs final : AnyHandler {
    explicit KeptAs(Handler&& with) : handler(std::move(with)) {}
    void call() override { take()(); }
    void drop() override { take(); }
    Handler take() {
      Handler taken = std::move(handler);
      this->~KeptAs();
      return taken;
    }

    Handler handler;
  };

  alignas(void*) std::byte memory_[6 * sizeof(void*)];
  AnyHandler* kept_ = nullptr;
};

using IdleHook =
    boost::intrusive::slist_base_hook<boost::intrusive::link_mode<boost::intrusive::normal_link>>;

}  // namespace

struct CallRunners::Pool {
  explicit Pool(const asio::any_io_executor& runs_on) : executor(runs_on) {}

  CallRunner& take();
  void release(std::size_t kept);

  asio::any_io_executor executor;
  boost::intrusive::slist<CallRunner, boost::intrusive::base_hook<IdleHook>> idle;
  bool is_closed = false;
};

class CallRunner : public IdleHook {
 public:
  explicit CallRunner(std::shared_ptr<CallRunners::Pool> pool) : pool_(std::move(pool)) {}
  CallRunner(const CallRunner&) = delete;
  CallRunner& operator=(const CallRunner&) = delete;

  /// Destroyed with its coroutine: if memory is short, together with the call that waits in it.
  ~CallRunner() {
    if (calls_ == nullptr || pool_->is_closed) return;
    calls_->thrown_ = std::make_exception_ptr(std::bad_alloc());
    calls_->runner_ = nullptr;
    // Not at once: the coroutine of the call is still being destroyed here.
    if (calls_->caller_) insist("the end of a call", [&] { asio::post(pool_->executor, calls_->caller_); });
  }

  static void spawn(const std::shared_ptr<CallRunners::Pool>& pool, RoutineCalls& calls) {
    const auto self = std::make_shared<CallRunner>(pool);
    self->take(calls);
    asio::co_spawn(pool->executor, run(self),
                   asio::bind_cancellation_slot(self->signal_.slot(), [](const std::exception_ptr&) {}));
  }

  void start(RoutineCalls& calls) {
    take(calls);
    idle_.call();
  }

  void forget_calls() { calls_ = nullptr; }

  void cancel() { signal_.emit(asio::cancellation_type::terminal); }

  /// Ends an idle runner.
  void end() { idle_.drop(); }

 private:
  void take(RoutineCalls& calls) {
    calls_ = &calls;
    calls.runner_ = this;
  }

  /// Ends when start() is called. Before that, resumes the caller of the last call, which may start this
  /// runner again.
  auto next_calls() {
    return asio::async_initiate<const asio::deferred_t&, void()>(
        [this](auto handler) {
          const auto pool = pool_;
          const auto caller = std::exchange(caller_, nullptr);
          idle_.keep(std::move(handler));
          pool->idle.push_front(*this);
          if (caller) caller.resume();
          pool->release(most_idle);
        },
        asio::deferred);
  }

  static task<> run(std::shared_ptr<CallRunner> self) {
    while (true) {
      RoutineCalls& calls = *self->calls_;
      try {
        for (task<> call = calls.next(); call.valid(); call = calls.have_waited() ? task<>() : calls.next())
          co_await std::move(call);
      } catch (...) {
        calls.thrown_ = std::current_exception();
      }
      // The next calls must not inherit a cancellation, nor what a call has set for itself.
      co_await asio::this_coro::throw_if_cancelled(true);
      co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
      self->calls_ = nullptr;
      calls.runner_ = nullptr;
      self->caller_ = calls.caller_;
      co_await self->next_calls();
    }
  }

  std::shared_ptr<CallRunners::Pool> pool_;
  asio::cancellation_signal signal_;
  RoutineCalls* calls_ = nullptr;
  std::coroutine_handle<> caller_;
  KeptHandler idle_;
};

CallRunner& CallRunners::Pool::take() {
  CallRunner& runner = idle.front();
  idle.pop_front();
  return runner;
}

void CallRunners::Pool::release(std::size_t kept) {
  while (idle.size() > kept) take().end();
}

CallRunners::CallRunners(const asio::any_io_executor& executor) : pool_(std::make_shared<Pool>(executor)) {}

CallRunners::~CallRunners() {
  pool_->is_closed = true;
  release_idle();
}

void CallRunners::release_idle() {
  pool_->release(0);
}

RoutineCalls::~RoutineCalls() {
  if (runner_ != nullptr) runner_->forget_calls();
}

bool RoutineCalls::start(std::coroutine_handle<> caller) {
  try {
    CallRunners::Pool& pool = *runners_.pool_;
    if (pool.idle.empty()) {
      CallRunner::spawn(runners_.pool_, *this);
    } else {
      pool.take().start(*this);
    }
  } catch (...) {
    thrown_ = std::current_exception();
    runner_ = nullptr;
  }
  if (runner_ == nullptr) return false;
  caller_ = caller;
  return true;
}

void RoutineCalls::cancel() {
  if (runner_ == nullptr || cancelled_) return;
  cancelled_ = true;
  runner_->cancel();
}

}  // namespace coroom::detail
