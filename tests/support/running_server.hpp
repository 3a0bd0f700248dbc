#pragma once

#include "server/server.hpp"
#include "server/server_config.hpp"
#include "support/settable_clock.hpp"

#include <cstdint>
#include <functional>
#include <memory>

namespace coroom::test {

/// Returns a config for a test: a free port on loopback, two shards, no log, no rate limit for guests.
server::ServerConfig test_options();

/// A server in this process. It stops in the destructor, which thereby tests the stop.
class RunningServer {
 public:
  explicit RunningServer(const server::ServerConfig& options = test_options());

  [[nodiscard]] std::uint16_t port() const { return server_->endpoint().port(); }
  [[nodiscard]] std::uint64_t count(Counter of) const { return server_->counters().get(of); }
  [[nodiscard]] std::uint64_t count(TokenCause of) const { return server_->counters().get(of); }
  [[nodiscard]] std::size_t rooms() const { return server_->rooms(); }
  [[nodiscard]] Moderation& moderation() const { return server_->moderation(); }
  SettableClock& clock() { return clock_; }
  void stop() { server_->stop(); }

 private:
  SettableClock clock_;
  std::unique_ptr<Application> server_;
};

/// Waits at most ten seconds for a condition, and returns whether it holds.
bool eventually(const std::function<bool()>& condition);

}  // namespace coroom::test
