#include "load/crowd.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <unistd.h>
#include <utility>

namespace coroom::bench {
namespace {

constexpr std::size_t buffer_size = std::size_t{1} << 20;  // bytes of one read
constexpr std::size_t opened_at_once = 64;                 // below the backlog of any server
constexpr std::chrono::seconds patience{10};

}  // namespace

Result<Crowd> Crowd::make(std::size_t events_a_turn) {
  const int epoll = epoll_create1(EPOLL_CLOEXEC);
  if (epoll < 0) return failure(std::string("epoll_create1: ") + std::strerror(errno));
  return Crowd(epoll, events_a_turn);
}

Crowd::Crowd(int epoll, std::size_t events_a_turn)
    : epoll_(epoll), buffer_(buffer_size), events_(events_a_turn) {}

Crowd::Crowd(Crowd&& other) noexcept
    : epoll_(std::exchange(other.epoll_, -1)),
      connections_(std::move(other.connections_)),
      upgraded_(other.upgraded_),
      buffer_(std::move(other.buffer_)),
      events_(std::move(other.events_)) {}

Crowd::~Crowd() {
  if (epoll_ >= 0) ::close(epoll_);
}

Result<> Crowd::connect(const TargetOf& target_of, std::size_t count) {
  connections_.reserve(count);
  const auto drop = [](std::size_t, std::string_view) {};
  auto deadline = std::chrono::steady_clock::now() + patience;
  while (upgraded_ != count) {
    const std::size_t seen = upgraded_;
    if (auto some = connect_some(target_of, count, opened_at_once); !some) return some;
    if (auto ready = turn(std::chrono::milliseconds(100), drop); !ready) return ready;
    if (upgraded_ != seen) deadline = std::chrono::steady_clock::now() + patience;
    if (std::chrono::steady_clock::now() > deadline) {
      return failure("no answer to an upgrade for 10 s; connected: " + std::to_string(upgraded_));
    }
  }
  return {};
}

Result<> Crowd::connect_some(const TargetOf& target_of, std::size_t count, std::size_t waiting) {
  while (upgraded_ != connections_.size() && connections_[upgraded_].upgraded()) ++upgraded_;
  while (connections_.size() < count && connections_.size() - upgraded_ < waiting) {
    if (auto opened = open(target_of(connections_.size())); !opened) return opened;
  }
  return {};
}

Result<> Crowd::open(const LoadTarget& target) {
  auto connection = LoadConnection::open(target);
  if (!connection) return tl::unexpected(connection.error());
  connections_.push_back(std::move(*connection));
  watch(connections_.size() - 1, EPOLL_CTL_ADD);
  return {};
}

Result<> Crowd::reopen(std::size_t index, const LoadTarget& target) {
  auto connection = LoadConnection::open(target);
  if (!connection) return tl::unexpected(connection.error());
  connections_[index] = std::move(*connection);
  watch(index, EPOLL_CTL_ADD);
  return {};
}

Result<> Crowd::close(std::size_t index) {
  return send(index, connections_[index].begin_close());
}

void Crowd::reset() {
  for (LoadConnection& connection : connections_) connection.reset_when_closed();
  connections_.clear();
  upgraded_ = 0;
}

Result<> Crowd::send(std::size_t index, std::string_view frame) {
  LoadConnection& connection = connections_[index];
  const bool waited = connection.has_unsent();
  auto sent = connection.send(frame);
  if (connection.has_unsent() != waited) watch(index, EPOLL_CTL_MOD);
  return sent;
}

void Crowd::ignore(std::size_t index) {
  epoll_ctl(epoll_, EPOLL_CTL_DEL, connections_[index].socket(), nullptr);
}

std::span<const epoll_event> Crowd::wait_for_events(std::chrono::milliseconds time) {
  const int ready =
      epoll_wait(epoll_, events_.data(), static_cast<int>(events_.size()), static_cast<int>(time.count()));
  return std::span(events_).first(static_cast<std::size_t>(std::max(ready, 0)));
}

Result<> Crowd::flush(std::size_t index) {
  auto flushed = connections_[index].flush();
  if (flushed && !connections_[index].has_unsent()) watch(index, EPOLL_CTL_MOD);
  return flushed;
}

void Crowd::watch(std::size_t index, int operation) {
  epoll_event event{};
  event.events = connections_[index].has_unsent() ? EPOLLIN | EPOLLOUT : EPOLLIN;
  event.data.u64 = index;
  epoll_ctl(epoll_, operation, connections_[index].socket(), &event);
}

}  // namespace coroom::bench
