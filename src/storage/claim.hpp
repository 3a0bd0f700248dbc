#pragma once

#include <atomic>

namespace coroom::detail::storage {

/// Decides between the thread that runs a job and the caller that waits for it. A job is either begun or
/// withdrawn, never both. Any thread may use it.
class Claim {
 public:
  /// Begins the job. Returns false if the caller has withdrawn it; the job must then not run.
  [[nodiscard]] bool begin() { return leave_waiting(State::begun); }

  /// Withdraws the job. Returns false if the job has begun; its result will then arrive.
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
