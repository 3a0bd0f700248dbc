#include "application/stop_signals.hpp"

#include "core/log.hpp"

#include <csignal>
#include <cstdlib>

namespace coroom::application {
namespace {

constexpr int exit_signal_base = 128;  // and the signal's number, as shells count

}  // namespace

StopSignals::StopSignals() : signals_(context_, SIGINT, SIGTERM) {
  std::signal(SIGPIPE, SIG_IGN);
  signals_.async_wait([this](boost::system::error_code, int signal) { received_ = signal; });
}

void StopSignals::wait() {
  context_.run();
  log::info("stopping", {{"signal", received_}});
  // From here the default is an immediate end; the shards still run, so nothing but _Exit would be safe.
  signals_.clear();
  const auto exit_at_once = [](int signal) { std::_Exit(exit_signal_base + signal); };
  std::signal(SIGINT, exit_at_once);
  std::signal(SIGTERM, exit_at_once);
}

}  // namespace coroom::application
