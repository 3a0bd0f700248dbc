#include "attack/swarm.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <span>
#include <stdexcept>
#include <sys/epoll.h>
#include <unistd.h>
#include <utility>

namespace coroom::test {
namespace {

constexpr std::size_t bytes_at_once = 16 * 1024;  // then the next attacker
constexpr std::size_t begun_at_once = 64;         // less than the backlog of the listener
constexpr std::uint32_t first_address = 1 << 16;  // 127.1.0.1
constexpr std::size_t status_line = 12;           // "HTTP/1.1 101"

}  // namespace

Swarm::Swarm(std::uint16_t port, double connections_a_second)
    : port_(port), rate_(connections_a_second), epoll_(epoll_create1(EPOLL_CLOEXEC)), buffer_(64 * 1024) {
  if (epoll_ < 0) throw std::runtime_error("epoll_create1");
}

Swarm::~Swarm() {
  ::close(epoll_);
}

void Swarm::add(const AttackScript& script, std::size_t count) {
  for (; count != 0; --count) {
    absent_.push_back(members_.size());
    members_.emplace_back().script = &script;
  }
}

void Swarm::turn(std::chrono::milliseconds wait) {
  connect_due();
  drip();
  std::array<epoll_event, 512> events;
  const int count =
      epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), static_cast<int>(wait.count()));
  for (const epoll_event& event : std::span(events).first(static_cast<std::size_t>(std::max(count, 0)))) {
    const auto who = static_cast<std::size_t>(event.data.u64);
    Attacker& member = members_[who];
    if (!member.socket) continue;
    const std::uint64_t life = member.life;
    if ((event.events & ~EPOLLOUT) != 0) read(who);
    if (member.life == life && (event.events & EPOLLOUT) != 0) advance(who);
  }
}

void Swarm::run_for(std::chrono::milliseconds time) {
  for (const auto end = MonotonicClock::now() + time; MonotonicClock::now() < end;) turn();
}

bool Swarm::drop_oldest() {
  while (!arrivals_.empty()) {
    const auto [who, life] = arrivals_.front();
    arrivals_.pop_front();
    if (members_[who].life != life) continue;
    leave(who);
    return true;
  }
  return false;
}

void Swarm::drop_all() {
  absent_.clear();
  for (std::size_t who = 0; who != members_.size(); ++who) {
    if (members_[who].socket) leave(who);
  }
  absent_.clear();
}

void Swarm::print() const {
  std::printf("attackers: %zu connections, %zu ended by the server, %.1f MiB sent; answers", connected_,
              ended_by_server_, static_cast<double>(bytes_sent_) / (1 << 20));
  for (const auto& [status, count] : statuses_) std::printf(" %d: %zu", status, count);
  std::printf("\n");
}

void Swarm::connect_due() {
  const auto now = MonotonicClock::now();
  allowed_ += std::chrono::duration<double>(now - last_turn_).count() * rate_;
  allowed_ = std::min(allowed_, double{begun_at_once});
  last_turn_ = now;
  for (; allowed_ >= 1 && !absent_.empty(); --allowed_) {
    const std::size_t who = absent_.front();
    absent_.pop_front();
    connect(who);
  }
}

void Swarm::connect(std::size_t who) {
  Attacker& member = members_[who];
  member.socket.emplace(AttackSocket::AttackTarget{port_, first_address + static_cast<std::uint32_t>(who),
                                                   member.script->receive_buffer});
  member.stage = Stage::opening;
  member.sent = 0;
  member.head.clear();
  member.events = EPOLLIN | EPOLLOUT;
  ++member.life;
  most_open_ = std::max(most_open_, ++open_);
  ++connected_;
  epoll_event event{};
  event.events = member.events;
  event.data.u64 = who;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, member.socket->descriptor(), &event);
}

std::string_view Swarm::text_of(const Attacker& member) {
  switch (member.stage) {
    case Stage::opening:
      return member.script->opening;
    case Stage::message:
      return member.script->message;
    case Stage::repeating:
      return member.script->repeated;
    default:
      return {};
  }
}

/// Sends the data of the stage, then enters the next one.
void Swarm::advance(std::size_t who) {
  Attacker& member = members_[who];
  using Leaves = AttackScript::Leaves;
  for (std::size_t budget = bytes_at_once; budget != 0;) {
    const std::string_view text = text_of(member);
    const std::string_view rest = text.substr(member.sent, budget);
    if (member.stage == Stage::repeating && (text.empty() || member.script->interval.count() != 0)) break;
    if (!rest.empty()) {
      const auto taken = member.socket->send(rest);
      if (!taken) return on_end(who);
      member.sent += *taken;
      bytes_sent_ += *taken;
      budget -= *taken;
      if (*taken == 0) break;
    }
    if (member.sent != text.size()) continue;
    if (member.stage == Stage::opening) {
      if (member.script->leaves == Leaves::once_opened) return leave(who);
      const bool asks = member.script->opening.find("Upgrade: websocket\r\n") != std::string::npos &&
                        member.script->opening.ends_with("\r\n\r\n");
      set_stage(who, asks ? Stage::upgrading : Stage::repeating);
    } else if (member.stage == Stage::upgrading) {
      break;
    } else if (member.stage == Stage::message) {
      if (member.script->leaves == Leaves::once_sent) return leave(who);
      set_stage(who, Stage::repeating);
    } else {
      member.sent = 0;
    }
  }
  watch(who);
}

void Swarm::set_stage(std::size_t who, Stage stage) {
  Attacker& member = members_[who];
  if (stage == Stage::message) {
    member.upgraded = true;
    ++upgraded_;
    arrivals_.emplace_back(who, member.life);
  }
  member.stage = stage;
  member.sent = 0;
}

void Swarm::read(std::size_t who) {
  Attacker& member = members_[who];
  const auto size = member.socket->receive(buffer_);
  if (!size) {
    ++ended_by_server_;
    return on_end(who);
  }
  if (*size == 0) return;
  const bool had_said = member.stage == Stage::repeating;
  read_status(who, std::string_view(buffer_.data(), *size));
  if (had_said && member.script->leaves == AttackScript::Leaves::once_received) leave(who);
}

void Swarm::read_status(std::size_t who, std::string_view bytes) {
  Attacker& member = members_[who];
  if (member.head.size() == status_line) return;
  member.head.append(bytes.substr(0, status_line - member.head.size()));
  if (member.head.size() != status_line) return;
  int status = 0;
  std::from_chars(member.head.data() + 9, member.head.data() + status_line, status);
  ++statuses_[status];
  if (member.stage != Stage::upgrading || status != 101) return;
  set_stage(who, Stage::message);
  advance(who);
}

/// Sends a byte for each attacker whose interval has passed.
void Swarm::drip() {
  constexpr std::chrono::milliseconds step{10};
  const auto now = MonotonicClock::now();
  if (now - last_drip_ < step) return;
  const auto since = [](MonotonicClock::time_point time) { return time.time_since_epoch(); };
  for (std::size_t who = 0; who != members_.size(); ++who) {
    Attacker& member = members_[who];
    const auto interval = member.script->interval;
    if (!member.socket || interval.count() == 0 || member.stage != Stage::repeating) continue;
    if (since(now) / interval == since(last_drip_) / interval) continue;
    const auto taken = member.socket->send(text_of(member).substr(member.sent, 1));
    if (!taken) {
      ++ended_by_server_;
      on_end(who);
      continue;
    }
    bytes_sent_ += *taken;
    member.sent = (member.sent + *taken) % text_of(member).size();
  }
  last_drip_ = now;
}

void Swarm::leave(std::size_t who) {
  if (members_[who].script->by_reset) members_[who].socket->reset();
  on_end(who);
}

void Swarm::on_end(std::size_t who) {
  Attacker& member = members_[who];
  if (std::exchange(member.upgraded, false)) --upgraded_;
  member.socket.reset();
  member.stage = Stage::absent;
  ++member.life;
  --open_;
  if (member.script->reconnects) absent_.push_back(who);
}

void Swarm::watch(std::size_t who) {
  Attacker& member = members_[who];
  const bool floods = member.stage == Stage::repeating && !member.script->repeated.empty() &&
                      member.script->interval.count() == 0;
  const bool unsent = member.sent != text_of(member).size();
  const bool writes = floods || (member.stage != Stage::repeating && unsent);
  const bool reads = member.script->reads || member.stage == Stage::upgrading;
  const std::uint32_t wanted = (reads ? EPOLLIN : 0U) | (writes ? EPOLLOUT : 0U);
  if (wanted == member.events) return;
  member.events = wanted;
  epoll_event event{};
  event.events = wanted;
  event.data.u64 = who;
  epoll_ctl(epoll_, EPOLL_CTL_MOD, member.socket->descriptor(), &event);
}

}  // namespace coroom::test
