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

/// A thread for work that blocks. It takes all jobs that wait at once, so that they can share what is dear.
template <class Job>
class Worker {
 public:
  using Jobs = std::vector<Job>;

  /// Called on the thread with what waits. Gives after how long it is called again with nothing, if nothing
  /// comes.
  using Work = std::function<std::chrono::milliseconds(Jobs)>;

  /// The first time, it is after `idle`.
  Worker(Work work, std::chrono::milliseconds idle)
      : work_(std::move(work)), idle_(idle), thread_([this] { run(); }) {}

  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Does what waits first.
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
      // What was asked for and is not told is told by its going (OneShot).
      log_what_is_thrown("a worker threw", [&] { idle_ = work_(std::move(jobs)); });
      jobs.clear();
      lock.lock();
    }
  }

  Work work_;
  std::chrono::milliseconds idle_;  // its thread's
  std::mutex mutex_;
  std::condition_variable changed_;
  Jobs jobs_;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses all the others
};

}  // namespace coroom::detail::storage
