#include "centrifuge/liveness.hpp"

#include "centrifuge/codes.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <random>

namespace coroom::detail::centrifuge {
namespace {

using connection::KeepAlive;
using std::chrono::milliseconds;

milliseconds somewhere_in_second_half(milliseconds interval) {
  thread_local std::minstd_rand generator(std::random_device{}());
  return milliseconds(std::uniform_int_distribution(interval.count() / 2, interval.count())(generator));
}

}  // namespace

Liveness::Liveness(ClientContext& client)
    : client_(client),
      pings_{.interval = client.settings().ping_interval,
             .timeout = std::min(client.settings().pong_timeout, client.settings().ping_interval)} {
  net::TimerQueue& timers = client_.transport().timers();
  timers.set(*this, timers.now() + client_.settings().connect_timeout);
}

void Liveness::connected() {
  stop();
  keep_alive_.start(client_.transport().timers().now(), somewhere_in_second_half(pings_.interval));
  set_timer();
}

bool Liveness::pong() {
  const bool is_answer = keep_alive_.answered(client_.transport().timers().now());
  if (is_answer) set_timer();
  return is_answer;
}

void Liveness::stop() {
  keep_alive_.stop();
  client_.transport().timers().cancel(*this);
}

void Liveness::set_timer() {
  if (const auto due = keep_alive_.due()) client_.transport().timers().set(*this, *due);
}

void Liveness::on_time() {
  client_.call_or_disconnect([this] { act(); });
}

void Liveness::act() {
  const auto now = client_.transport().timers().now();
  if (client_.phase() == ClientPhase::connecting) {
    if (!busy_) return client_.disconnect(disconnect::stale);
    return client_.transport().timers().set(*this, now + client_.settings().connect_timeout);
  }
  switch (keep_alive_.on_time(now)) {
    case KeepAlive::Action::wait:
      break;
    case KeepAlive::Action::ping:
      client_.transport().push(ping_message(client_.encoding()));
      break;
    case KeepAlive::Action::overdue:
      if (!busy_) return client_.disconnect(disconnect::no_pong);
      keep_alive_.extend(now);
  }
  set_timer();
}

}  // namespace coroom::detail::centrifuge
