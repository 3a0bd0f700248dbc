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

/// A thread for blocking work. It runs one job after the other, and owners of jobs take turns.
template <class Job>
class FairWorker {
 public:
  using Work = std::function<void(Job)>;

  /// `most`: the most queued jobs of one owner.
  FairWorker(Work work, std::size_t most)
      : work_(std::move(work)), queue_(most), thread_([this] { run(); }) {}

  FairWorker(const FairWorker&) = delete;
  FairWorker& operator=(const FairWorker&) = delete;

  /// Finishes all queued jobs first.
  ~FairWorker() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }

  /// Adds a job. Returns false if too many jobs of this owner are queued.
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
      // A result that was not delivered is reported by the destruction of its completion (OneShot).
      log_what_is_thrown("a worker threw", [&] { work_(std::move(job)); });
      lock.lock();
    }
  }

  Work work_;
  std::mutex mutex_;
  std::condition_variable changed_;
  FairQueue<Job> queue_;   // guarded by mutex_
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;     // last: it uses all other members
};

}  // namespace coroom::detail::storage
