#include "net/poller.hpp"

#include "core/thrown.hpp"

#include <boost/system/system_error.hpp>

#include <cerrno>
#include <utility>

namespace coroom::detail::net {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t calls_per_look_at_the_clock = 8;

int check(int result, const char* what) {
  if (result < 0)
    throw boost::system::system_error(boost::system::error_code(errno, boost::system::system_category()),
                                      what);
  return result;
}

Pollable::Readiness readiness_of(std::uint32_t events) {
  const bool lost = (events & (EPOLLERR | EPOLLHUP)) != 0;
  const bool ending = lost || (events & EPOLLRDHUP) != 0;
  return {.readable = ending || (events & EPOLLIN) != 0,
          .ending = ending,
          .writable = lost || (events & EPOLLOUT) != 0,
          .lost = lost};
}

}  // namespace

Poller::Poller(boost::asio::io_context& context, std::function<void()> wake)
    : epoll_(context, check(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")), wake_(std::move(wake)) {}

void Poller::add(int socket, Pollable& pollable) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &pollable;
  check(::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_ADD, socket, &event), "epoll_ctl");
}

void Poller::remove(int socket, Pollable& pollable) {
  ::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_DEL, socket, nullptr);
  for (epoll_event& event : unhandled_) {
    if (event.data.ptr == &pollable) event.data.ptr = nullptr;
  }
  if (pollable.is_linked()) pollable.unlink();
}

bool Poller::collect() {
  if (unhandled_.empty()) {
    const int count =
        ::epoll_wait(epoll_.native_handle(), events_.data(), static_cast<int>(events_.size()), 0);
    if (count > 0) unhandled_ = std::span(events_).first(static_cast<std::size_t>(count));
  }
  return !unhandled_.empty() || !due_.empty();
}

std::size_t Poller::dispatch(TimePoint until) {
  std::size_t calls = 0;
  const auto has_time = [&] {
    return calls % calls_per_look_at_the_clock != 0 || SteadyClock::now() < until;
  };
  while (!due_.empty() && has_time()) {
    Pollable& pollable = due_.front();
    due_.pop_front();
    ++calls;
    detail::log_what_is_thrown("a session threw", [&pollable] { pollable.on_ready({}); });
  }
  while (!unhandled_.empty() && has_time()) {
    const epoll_event event = unhandled_.front();
    unhandled_ = unhandled_.subspan(1);
    if (event.data.ptr == nullptr) continue;
    ++calls;
    auto& pollable = *static_cast<Pollable*>(event.data.ptr);
    detail::log_what_is_thrown("a session threw", [&] { pollable.on_ready(readiness_of(event.events)); });
  }
  return calls;
}

void Poller::arm() {
  if (armed_) return;
  epoll_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                    [weak = std::weak_ptr<Poller*>(self_)](const boost::system::error_code& ec) {
                      const auto self = weak.lock();
                      if (ec || !self) return;
                      (*self)->armed_ = false;
                      (*self)->wake_();
                    });
  armed_ = true;
}

void Poller::disarm() {
  boost::system::error_code ignored;
  epoll_.cancel(ignored);
  armed_ = false;
}

}  // namespace coroom::detail::net
