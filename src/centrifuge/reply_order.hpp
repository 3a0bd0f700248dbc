#pragma once

#include "centrifuge/client_context.hpp"
#include "centrifuge/pending_replies.hpp"
#include "core/async_event.hpp"

#include <coroom/broker.hpp>
#include <coroom/error.hpp>
#include <coroom/task.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace coroom::detail::centrifuge {

/// Sends the replies to publications, and those that keep their order with them. Shared with the completion
/// functions of publications, which may outlive the client.
class ReplyOrder : public std::enable_shared_from_this<ReplyOrder> {
 public:
  using ReplySlot = PendingReplies::ReplySlot;

  /// The client outlives the object, or calls detach().
  explicit ReplyOrder(ClientContext& client) : client_(&client), pending_(separator(client.encoding())) {}

  /// Returns whether the client must get replies before the next slot.
  [[nodiscard]] bool is_full() const;
  ReplySlot reserve(std::string_view channel) { return pending_.reserve(channel); }

  /// Sends an encoded reply as soon as its order permits. Called once for each slot.
  void answer(ReplySlot slot, std::string reply);

  /// Replies to a publication with its outcome.
  void answer_publication(std::uint64_t id, ReplySlot slot, const Result<Position>& outcome);

  /// Returns the number of replies that were not sent.
  ///@{
  [[nodiscard]] std::size_t size() const { return pending_.size(); }
  [[nodiscard]] std::size_t size(std::string_view channel) const { return pending_.size(channel); }
  ///@}

  /// Ends when replies were sent, or the client has ended. The caller shares this object meanwhile.
  task<> wait() { return sent_.wait(); }

  /// Wakes all waiting coroutines, after the client has ended.
  void wake() { sent_.notify(); }

  /// Forgets the client. Later answers have no effect.
  void detach() { client_ = nullptr; }

 private:
  [[nodiscard]] std::string not_published(std::uint64_t id, const Error& why);
  void send();

  ClientContext* client_;  // nullptr: it was destroyed
  PendingReplies pending_;
  AsyncEvent sent_;
  bool sending_ = false;  // send() is posted
};

}  // namespace coroom::detail::centrifuge
