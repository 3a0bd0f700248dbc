#include "attack/honest_crowd.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <stdexcept>
#include <sys/epoll.h>
#include <unistd.h>

namespace coroom::test {
namespace {

constexpr std::chrono::milliseconds between_messages{300};
constexpr std::chrono::seconds patience{10};

std::chrono::milliseconds at(const std::vector<MonotonicClock::duration>& sorted, double part) {
  if (sorted.empty()) return std::chrono::milliseconds(0);
  const auto index = static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1));
  return std::chrono::ceil<std::chrono::milliseconds>(sorted[index]);
}

}  // namespace

HonestCrowd::HonestCrowd(std::uint16_t port, const std::string& name)
    : epoll_(epoll_create1(EPOLL_CLOEXEC)), buffer_(64 * 1024) {
  if (epoll_ < 0) throw std::runtime_error("epoll_create1");
  members_.resize(size);
  for (std::size_t who = 0; who != size; ++who) {
    const auto way =
        who / rooms % 2 == 0 ? HonestClient::ChatProtocol::plain : HonestClient::ChatProtocol::centrifuge;
    members_[who].client =
        std::make_unique<HonestClient>(port, who, name + "." + std::to_string(who % rooms), way);
  }
}

HonestCrowd::~HonestCrowd() {
  thread_ = {};
  ::close(epoll_);
}

void HonestCrowd::join() {
  for (std::size_t who = 0; who != size; ++who) watch(who, EPOLL_CTL_ADD);
  const auto all_joined = [this] {
    return std::ranges::all_of(members_,
                               [](const CrowdMember& member) { return member.client->is_member(); });
  };
  for (const auto end = MonotonicClock::now() + patience; !all_joined();) {
    turn(std::chrono::milliseconds(10));
    for (const CrowdMember& member : members_) {
      if (member.dropped) throw std::runtime_error("an honest client: " + member.client->fault());
    }
    if (MonotonicClock::now() > end) throw std::runtime_error("the honest can't enter");
  }
}

void HonestCrowd::start() {
  const auto now = MonotonicClock::now();
  for (std::size_t who = 0; who != size; ++who)
    members_[who].next = now + between_messages * static_cast<int>(who) / static_cast<int>(size);
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Experience HonestCrowd::stop() {
  thread_ = {};
  for (const auto end = MonotonicClock::now() + patience; missed() != 0 && MonotonicClock::now() < end;)
    turn(std::chrono::milliseconds(10));
  return results();
}

void HonestCrowd::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    turn(std::chrono::milliseconds(1));
    const auto now = MonotonicClock::now();
    for (std::size_t who = 0; who != size; ++who) {
      CrowdMember& member = members_[who];
      if (member.dropped || member.next > now) continue;
      member.next = std::max(member.next + between_messages, now);
      if (!member.client->send_message()) drop(who);
      if (member.client->has_unsent()) watch(who, EPOLL_CTL_MOD);
    }
  }
}

void HonestCrowd::turn(std::chrono::milliseconds wait) {
  std::array<epoll_event, size> events;
  const int count =
      epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), static_cast<int>(wait.count()));
  for (const epoll_event& event : std::span(events).first(static_cast<std::size_t>(std::max(count, 0)))) {
    const auto who = static_cast<std::size_t>(event.data.u64);
    if (members_[who].dropped) continue;
    if (!members_[who].client->on_event(buffer_)) {
      drop(who);
    } else if ((event.events & EPOLLOUT) != 0 || members_[who].client->has_unsent()) {
      watch(who, EPOLL_CTL_MOD);
    }
  }
}

void HonestCrowd::drop(std::size_t who) {
  members_[who].dropped = true;
  watch(who, EPOLL_CTL_DEL);
}

void HonestCrowd::watch(std::size_t who, int operation) {
  epoll_event event{};
  event.events = EPOLLIN | (members_[who].client->has_unsent() ? EPOLLOUT : 0U);
  event.data.u64 = who;
  epoll_ctl(epoll_, operation, members_[who].client->descriptor(), &event);
}

/// Each member receives all messages of its room, with its own.
std::size_t HonestCrowd::missed() const {
  std::size_t count = 0;
  for (std::size_t speaker = 0; speaker != size; ++speaker) {
    for (std::size_t listener = speaker % rooms; listener < size; listener += rooms)
      count += members_[speaker].client->sent() - members_[listener].client->received_from(speaker);
  }
  return count;
}

Experience HonestCrowd::results() const {
  Experience seen;
  std::vector<MonotonicClock::duration> times;
  for (const CrowdMember& member : members_) {
    times.insert(times.end(), member.client->latencies().begin(), member.client->latencies().end());
    if (member.dropped) ++seen.dropped;
    if (!member.client->fault().empty()) seen.faults.push_back(member.client->fault());
  }
  std::ranges::sort(times);
  seen.messages = times.size();
  seen.p50 = at(times, 0.5);
  seen.p99 = at(times, 0.99);
  seen.longest = at(times, 1);
  seen.missed = missed();
  return seen;
}

}  // namespace coroom::test
