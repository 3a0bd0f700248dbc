#include "application/signals.hpp"

#include <coroom/log.hpp>

#include <csignal>
#include <cstdlib>
#include <utility>

namespace coroom::detail::application {
namespace {

constexpr int exit_signal_base = 128;  // plus the signal's number, as in shells

/// Returns whether the parent process has set a signal to be ignored. nohup does so for SIGHUP, and a shell
/// without job control for SIGINT of background processes.
bool is_ignored(int signal) {
  struct sigaction action{};
  return sigaction(signal, nullptr, &action) == 0 && (action.sa_flags & SA_SIGINFO) == 0 &&
         action.sa_handler == SIG_IGN;
}

}  // namespace

Signals::Signals(boost::asio::io_context& waiting, Reload reload)
    : context_(waiting), stop_(waiting), hang_up_(waiting), reload_(std::move(reload)) {
  std::signal(SIGPIPE, SIG_IGN);
  for (const int signal : {SIGINT, SIGTERM}) {
    if (is_ignored(signal)) continue;
    ending_.push_back(signal);
    stop_.add(signal);
  }
  const bool hears_hang_up = !is_ignored(SIGHUP);
  if (hears_hang_up) (reload_ ? hang_up_ : stop_).add(SIGHUP);
  stop_.async_wait([this](boost::system::error_code, int signal) {
    received_ = signal;
    hang_up_.cancel();
  });
  if (hears_hang_up && reload_) wait_for_reload();
}

Signals::~Signals() {
  for (const int signal : ending_) std::signal(signal, SIG_DFL);
}

void Signals::wait_for_reload() {
  hang_up_.async_wait([this](boost::system::error_code ec, int) {
    if (ec) return;
    const Result<> reloaded = reload_();
    if (reloaded) {
      logging::info("certificate and key reloaded");
    } else {
      logging::error("certificate and key not reloaded: the previous ones stay in use",
                     {{"cause", reloaded.error().message}});
    }
    if (received_ == 0) wait_for_reload();
  });
}

void Signals::wait_for_stop() {
  context_.run();
  logging::record("stopping", {{"signal", received_}});  // 0: stopped by the program
  // From here on, a signal ends the program at once. The shards still run, so only _Exit is safe.
  const bool ignores_hang_up = is_ignored(SIGHUP);  // the program may have set it
  stop_.clear();
  if (ignores_hang_up) std::signal(SIGHUP, SIG_IGN);
  const auto exit_at_once = [](int signal) { std::_Exit(exit_signal_base + signal); };
  for (const int signal : ending_) std::signal(signal, exit_at_once);
}

}  // namespace coroom::detail::application
