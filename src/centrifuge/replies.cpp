#include "centrifuge/replies.hpp"

#include "centrifuge/recovery.hpp"

#include <utility>
#include <variant>

namespace coroom::detail::centrifuge {

namespace {

/// Returns the disconnect that stands for an error where the client gets no replies. After a code below 3500
/// the client connects again.
Disconnect disconnect_for(const CentrifugeError& error) {
  if (error.code == error::token_expired.code) return disconnect::expired;
  if (error.temporary) return {disconnect::internal.code, error.message};
  if (error.code == error::permission_denied.code) return disconnect::permission_denied;
  return {disconnect::bad_request.code, error.message};
}

}  // namespace

Replies::~Replies() {
  if (order_) order_->detach();
}

void Replies::end() {
  if (order_) order_->wake();
}

task<> Replies::refuse(std::uint64_t id, const CentrifugeError& error) {
  if (!client_.transport().is_two_way()) co_return client_.disconnect(disconnect_for(error));
  co_await write(encoded(id, error));
}

task<> Replies::refuse(std::uint64_t id, const ErrorReply& refusal) {
  client_.faults().note(refusal);
  return refuse(id, refusal.error);
}

task<> Replies::refuse(std::uint64_t id, CommandRefusal refusal) {
  if (const auto* why = std::get_if<Disconnect>(&refusal)) co_return client_.disconnect(*why);
  co_await refuse(id, std::get<ErrorReply>(refusal));
}

task<> Replies::refuse_violation(std::uint64_t id, std::string_view cause, const CentrifugeError& error) {
  client_.faults().note_violation(cause);
  return answer_in_order("", encoded(id, error));
}

task<bool> Replies::room_for(std::size_t bytes) {
  liveness_.set_busy(false);
  const bool may = co_await client_.transport().may_reply(bytes);
  liveness_.set_busy(true);
  co_return may;
}

task<bool> Replies::may_reply(std::uint64_t id) {
  const bool may = co_await room_for(room_for_reply);
  if (client_.has_ended()) co_return false;
  if (may) co_return true;
  client_.faults().note_limit(Counter::messages_refused, "reply bytes");
  co_await refuse(id, error::too_many_requests);
  co_return false;
}

task<bool> Replies::try_write(std::string reply) {
  liveness_.set_busy(false);
  const bool written = co_await client_.transport().write_reply(std::move(reply));
  liveness_.set_busy(true);
  co_return written && !client_.has_ended();
}

task<bool> Replies::write_reply(std::uint64_t id, std::string reply) {
  const bool written = co_await try_write(std::move(reply));
  if (written || client_.has_ended()) co_return written;
  client_.faults().note_limit(Counter::messages_refused, "queued replies");
  co_await refuse(id, error::too_many_requests);
  co_return false;
}

/// The wait depends on the client, so it does not count as busy.
task<> Replies::write(std::string reply) {
  liveness_.set_busy(false);
  co_await client_.transport().write(std::move(reply));
  liveness_.set_busy(true);
}

Replies::ReplySlot Replies::reserve(std::string_view channel) {
  if (!order_) order_ = std::make_shared<ReplyOrder>(client_);
  return order_->reserve(channel);
}

task<> Replies::slots() {
  const auto order = order_;
  while (!has_slots() && !client_.has_ended()) co_await order->wait();
}

task<> Replies::answer_in_order(std::string channel, std::string reply) {
  co_await slots();
  if (!client_.has_ended()) answer(reserve(channel), std::move(reply));
}

void Replies::answer(std::uint64_t id, ReplySlot slot, const ErrorReply& refusal) {
  client_.faults().note(refusal);
  answer(slot, encoded(id, refusal.error));
}

std::function<void(Result<Position>)> Replies::on_published(std::uint64_t id, ReplySlot slot) const {
  return [order = std::weak_ptr(order_), id, slot](const Result<Position>& outcome) {
    if (const auto self = order.lock()) self->answer_publication(id, slot, outcome);
  };
}

task<> Replies::all_answered() {
  const auto order = order_;
  while (order && order->size() != 0 && !client_.has_ended()) co_await order->wait();
}

task<> Replies::all_answered(std::string channel) {
  const auto order = order_;
  while (order && order->size(channel) != 0 && !client_.has_ended()) co_await order->wait();
}

}  // namespace coroom::detail::centrifuge
