#include "application/signals.hpp"

#include <coroom/log.hpp>

#include <csignal>
#include <cstdlib>
#include <utility>

namespace coroom::application {
namespace {

constexpr int exit_signal_base = 128;  // and the signal's number, as shells count

}  // namespace

Signals::Signals(boost::asio::io_context& waiting, Reload reload)
    : context_(waiting), stop_(waiting, SIGINT, SIGTERM), hang_up_(waiting), reload_(std::move(reload)) {
  std::signal(SIGPIPE, SIG_IGN);
  stop_.async_wait([this](boost::system::error_code, int signal) {
    received_ = signal;
    hang_up_.cancel();
  });
  if (!reload_) {
    stop_.add(SIGHUP);
    return;
  }
  hang_up_.add(SIGHUP);
  wait_for_reload();
}

Signals::~Signals() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
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
  log::info("stopping", {{"signal", received_}});  // 0: the program wants it
  // From here the default is an immediate end; the shards still run, so nothing but _Exit would be safe.
  stop_.clear();
  const auto exit_at_once = [](int signal) { std::_Exit(exit_signal_base + signal); };
  std::signal(SIGINT, exit_at_once);
  std::signal(SIGTERM, exit_at_once);
}

}  // namespace coroom::application
