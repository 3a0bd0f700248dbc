#include "application/signals.hpp"

#include "core/log.hpp"

#include <csignal>
#include <cstdlib>
#include <utility>

namespace coroom::application {
namespace {

constexpr int exit_signal_base = 128;  // and the signal's number, as shells count

}  // namespace

Signals::Signals(Reload reload)
    : stop_(context_, SIGINT, SIGTERM), hang_up_(context_), reload_(std::move(reload)) {
  std::signal(SIGPIPE, SIG_IGN);
  stop_.async_wait([this](boost::system::error_code, int signal) {
    received_ = signal;
    hang_up_.cancel();
  });
  if (!reload_) return;
  hang_up_.add(SIGHUP);
  wait_for_reload();
}

void Signals::wait_for_reload() {
  hang_up_.async_wait([this](boost::system::error_code ec, int) {
    if (ec) return;
    const Result<> reloaded = reload_();
    if (reloaded) {
      log::info("certificate and key reloaded");
    } else {
      log::error("certificate and key stay as they were", {{"cause", reloaded.error().message}});
    }
    if (received_ == 0) wait_for_reload();
  });
}

void Signals::wait_for_stop() {
  context_.run();
  log::info("stopping", {{"signal", received_}});
  // From here the default is an immediate end; the shards still run, so nothing but _Exit would be safe.
  stop_.clear();
  const auto exit_at_once = [](int signal) { std::_Exit(exit_signal_base + signal); };
  std::signal(SIGINT, exit_at_once);
  std::signal(SIGTERM, exit_at_once);
}

}  // namespace coroom::application
