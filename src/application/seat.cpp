#include "application/seat.hpp"

#include "core/answer.hpp"

#include <boost/asio/this_coro.hpp>

#include <utility>

namespace coroom {
namespace {

// Who holds back waits for a history to be read; if that takes so long that this is not enough, something is
// wrong with the disk, and the client had better come again.
constexpr std::size_t hold_limit = 1 << 20;  // bytes

}  // namespace

Seat::Impl::Impl(net::Shard& home, const room::Encoding& encoding, bool held)
    : home_(home), encoding_(encoding), holds_(held) {}

void Seat::Impl::deliver(const SharedBytes& block) {
  if (!holds_) return push(block);
  held_bytes_ += block->size();
  if (held_bytes_ <= hold_limit) {
    held_.push_back(block);
  } else {
    held_.clear();
    overflow();
  }
}

void Seat::Impl::listen() {
  holds_ = false;
  for (const SharedBytes& block : std::exchange(held_, {})) push(block);
}

Seat::Seat() = default;
Seat::Seat(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Seat::Seat(Seat&&) noexcept = default;
Seat& Seat::operator=(Seat&&) noexcept = default;
Seat::~Seat() = default;

task<> Seat::broadcast(Message message) {
  if (!impl_) co_return;
  Publication publication(nullptr, std::move(message));
  co_await impl_->seat->publish(std::move(publication), nullptr);
}

task<> Seat::publish(Publication publication, Published done) {
  if (!impl_) co_return done(failure("there is no seat to publish from"));
  auto tell = told_on(co_await boost::asio::this_coro::executor, std::move(done));
  co_await impl_->seat->publish(std::move(publication), std::move(tell));
}

task<Result<Position>> Seat::publish(Publication publication) {
  Answer<Result<Position>> answer(co_await boost::asio::this_coro::executor);
  co_await publish(std::move(publication), answer.teller());
  co_return co_await answer.wait();
}

std::optional<Position> Seat::position() const {
  return impl_ ? impl_->seat->entry().position() : std::nullopt;
}

void Seat::listen() {
  if (impl_) impl_->listen();
}

void Seat::leave() {
  impl_.reset();
}

}  // namespace coroom
