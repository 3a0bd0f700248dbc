#include "support/running_server.hpp"

#include "support/io_backend.hpp"

#include <chrono>
#include <stdexcept>
#include <thread>

namespace coroom::test {

server::ServerConfig test_options() {
  logging::configure(logging::Level::off, logging::Format::text);
  server::ServerConfig options;
  options.port = 0;
  options.application.threads = 2;
  options.application.io_backend = io_backend();
  options.tokens.leeway = {};  // the test's clock is exact
  options.guest_rate = {.user = 0, .address = 0};
  return options;
}

RunningServer::RunningServer(const server::ServerConfig& options) {
  auto server = server::open_server(options, clock_);
  if (!server) throw std::runtime_error(server.error().message);
  server_ = std::move(*server);
  server_->start();
}

bool eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace coroom::test
