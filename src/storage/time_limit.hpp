#pragma once

#include <SQLiteCpp/Database.h>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <sqlite3.h>
#include <thread>

namespace coroom::detail::storage {

/// Interrupts a database once the time is up; the running statement fails with SQLITE_INTERRUPT. The database
/// outlives it.
class TimeLimit {
 public:
  TimeLimit(const SQLite::Database& database, std::chrono::milliseconds time)
      : thread_([this, handle = database.getHandle(), time] {
          std::unique_lock<std::mutex> lock(mutex_);
          // Repeated, because an interrupt does not affect a statement that has not begun.
          for (auto wait = time; !changed_.wait_for(lock, wait, [this] { return done_; }); wait = again)
            sqlite3_interrupt(handle);
        }) {}

  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;

  ~TimeLimit() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      done_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }

 private:
  static constexpr std::chrono::milliseconds again{1};

  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  std::thread thread_;  // last: it uses all other members
};

}  // namespace coroom::detail::storage
