#pragma once

#include "core/thrown.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace coroom::detail::storage {

/// A thread for blocking work. It takes all queued jobs at once, so that they share costly steps.
template <class Job>
class Worker {
 public:
  using Jobs = std::vector<Job>;

  /// Runs on the thread with the queued jobs. Returns the time after which it is called again without jobs if
  /// none is added.
  using Work = std::function<std::chrono::milliseconds(Jobs)>;

  /// `idle`: the time until the first call without jobs.
  Worker(Work work, std::chrono::milliseconds idle)
      : work_(std::move(work)), idle_(idle), thread_([this] { run(); }) {}

  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Finishes all queued jobs first.
  ~Worker() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }

  void add(Job job) {
    bool first = false;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      first = jobs_.empty();
      jobs_.push_back(std::move(job));
    }
    if (first) changed_.notify_one();
  }

 private:
  void run() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (true) {
      changed_.wait_for(lock, idle_, [this] { return stopping_ || !jobs_.empty(); });
      if (stopping_ && jobs_.empty()) return;
      Jobs jobs = std::exchange(jobs_, {});
      lock.unlock();
      // A result that was not delivered is reported by the destruction of its completion (OneShot).
      log_what_is_thrown("a worker threw", [&] { idle_ = work_(std::move(jobs)); });
      jobs.clear();
      lock.lock();
    }
  }

  Work work_;
  std::chrono::milliseconds idle_;  // used only by the thread
  std::mutex mutex_;
  std::condition_variable changed_;
  Jobs jobs_;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses all other members
};

}  // namespace coroom::detail::storage
