#pragma once

#include <atomic>

namespace coroom::detail::storage {

/// Decides between the thread that does a job and the caller that waits for it: a job is either begun or
/// withdrawn, never both. Any thread may use it.
class Claim {
 public:
  /// The thread begins the job; false: the caller has withdrawn it, and it must not be done.
  [[nodiscard]] bool begin() { return leave_waiting(State::begun); }

  /// The caller waits no longer; false: the job has begun, and its result will come.
  [[nodiscard]] bool withdraw() { return leave_waiting(State::withdrawn); }

  [[nodiscard]] bool is_withdrawn() const { return state_ == State::withdrawn; }

 private:
  enum class State { waiting, begun, withdrawn };

  bool leave_waiting(State next) {
    State expected = State::waiting;
    return state_.compare_exchange_strong(expected, next);
  }

  std::atomic<State> state_{State::waiting};
};

}  // namespace coroom::detail::storage
