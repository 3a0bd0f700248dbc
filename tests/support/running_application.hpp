#pragma once

#include "support/io_backend.hpp"

#include <coroom/application.hpp>

#include <algorithm>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace coroom::test {

/// Returns settings for a test: two shards and a short drain timeout.
inline Settings quick_settings() {
  Settings settings;
  settings.threads = 2;
  settings.io_backend = io_backend();
  settings.timeouts.drain_timeout = std::chrono::milliseconds(200);
  return settings;
}

/// An application on a free port. It stops in the destructor, which thereby tests the stop.
class RunningApplication {
 public:
  explicit RunningApplication(std::vector<Route> routes, Settings settings = quick_settings())
      : application_(std::move(routes), std::move(settings)) {
    if (auto listening = application_.listen(0); !listening)
      throw std::runtime_error(listening.error().message);
    application_.start();
  }

  [[nodiscard]] std::uint16_t port() const { return application_.endpoint().port(); }
  Application& operator*() { return application_; }
  Application* operator->() { return &application_; }

 private:
  Application application_;
};

/// Notes of handlers in order. Thread-safe.
class Journal {
 public:
  void note(std::string event) {
    const std::lock_guard<std::mutex> lock(mutex_);
    events_.push_back(std::move(event));
  }
  [[nodiscard]] std::vector<std::string> events() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return events_;
  }
  [[nodiscard]] bool has(const std::string& event) const {
    const auto all = events();
    return std::ranges::find(all, event) != all.end();
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> events_;
};

}  // namespace coroom::test
