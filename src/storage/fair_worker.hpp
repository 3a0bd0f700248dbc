#pragma once

#include "core/thrown.hpp"
#include "storage/fair_queue.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

namespace coroom::detail::storage {

/// A thread for work that blocks, one job after the other; owners of jobs take turns.
template <class Job>
class FairWorker {
 public:
  using Work = std::function<void(Job)>;

  /// `most` jobs of one owner may wait.
  FairWorker(Work work, std::size_t most)
      : work_(std::move(work)), queue_(most), thread_([this] { run(); }) {}

  FairWorker(const FairWorker&) = delete;
  FairWorker& operator=(const FairWorker&) = delete;

  /// Does what waits first.
  ~FairWorker() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }

  /// False: too many jobs of this owner wait.
  [[nodiscard]] bool add(std::uintptr_t owner, Job job) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!queue_.add(owner, std::move(job))) return false;
    }
    changed_.notify_one();
    return true;
  }

 private:
  void run() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      Job job = queue_.take();
      lock.unlock();
      // What was asked for and is not told is told by its going (OneShot).
      log_what_is_thrown("a worker threw", [&] { work_(std::move(job)); });
      lock.lock();
    }
  }

  Work work_;
  std::mutex mutex_;
  std::condition_variable changed_;
  FairQueue<Job> queue_;   // guarded by mutex_
  bool stopping_ = false;  // the same
  std::thread thread_;     // last: it uses all the others
};

}  // namespace coroom::detail::storage
