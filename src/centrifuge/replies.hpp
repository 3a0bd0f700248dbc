#pragma once

#include "centrifuge/client_context.hpp"
#include "centrifuge/encoded_reply.hpp"
#include "centrifuge/liveness.hpp"
#include "centrifuge/refusal.hpp"
#include "centrifuge/reply.hpp"
#include "centrifuge/reply_order.hpp"

#include <coroom/broker.hpp>
#include <coroom/error.hpp>
#include <coroom/task.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace coroom::detail::centrifuge {

/// The replies to the commands of one client. Most are written at once, since commands run one after the
/// other. Those of publications leave later, in the order of each channel (ReplyOrder). While a reply waits
/// for the client to receive, the server does not count as busy (Liveness).
class Replies {
 public:
  using ReplySlot = ReplyOrder::ReplySlot;

  /// Both outlive this object.
  Replies(ClientContext& client, Liveness& liveness) : client_(client), liveness_(liveness) {}

  Replies(const Replies&) = delete;
  Replies& operator=(const Replies&) = delete;
  ~Replies();

  /// Ends all waits, after the client has ended.
  void end();

  /// Sends an encoded reply. Waits while the client receives too slowly.
  task<> write(std::string reply);

  /// Encodes a result or an error for this client.
  template <class Result>
  [[nodiscard]] std::string encoded(std::uint64_t id, const Result& result) const {
    return encoded_reply(client_.encoding(), id, result);
  }

  template <class Result>
  task<> reply(std::uint64_t id, const Result& result) {
    return write(encoded(id, result));
  }

  /// Replies with an error, and notes the refusal; or disconnects the client, if the refusal says so. A
  /// one-way client gets no replies, so it is disconnected by every refusal.
  ///@{
  task<> refuse(std::uint64_t id, const CentrifugeError& error);
  task<> refuse(std::uint64_t id, const ErrorReply& refusal);
  task<> refuse(std::uint64_t id, CommandRefusal refusal);
  ///@}

  /// Notes a violation of the protocol, and replies with an error in the order of publications.
  task<> refuse_violation(std::uint64_t id, std::string_view cause,
                          const CentrifugeError& error = error::bad_request);

  /// A large reply takes two steps: may_reply() before it is made, and write_reply(). Both return false if
  /// the client got an error instead, or has ended.
  ///@{
  task<bool> may_reply(std::uint64_t id);
  task<bool> write_reply(std::uint64_t id, std::string reply);

  /// As write_reply(), but returns false without an error to the client.
  task<bool> try_write(std::string reply);
  ///@}

  /// Waits as Transport::may_reply() does.
  task<bool> room_for(std::size_t bytes);

  // Replies in the order of their channel.

  /// Reserves a slot for the reply to the current command. Called while there is a free one.
  ReplySlot reserve(std::string_view channel);
  [[nodiscard]] bool has_slots() const { return !order_ || !order_->is_full(); }

  /// Ends when there is a free slot, or the client has ended.
  task<> slots();

  /// Reserves a slot and sends an encoded reply in its order.
  task<> answer_in_order(std::string channel, std::string reply);

  /// Sends an encoded reply in the order of its slot.
  void answer(ReplySlot slot, std::string reply) { order_->answer(slot, std::move(reply)); }

  /// Notes the refusal, and sends its error in the order of its slot.
  void answer(std::uint64_t id, ReplySlot slot, const ErrorReply& refusal);

  /// Returns the function that replies to a publication with its outcome. It may outlive the client.
  [[nodiscard]] std::function<void(Result<Position>)> on_published(std::uint64_t id, ReplySlot slot) const;

  /// Ends when all replies with a slot were sent, or those of one channel.
  ///@{
  task<> all_answered();
  task<> all_answered(std::string channel);
  ///@}

 private:
  ClientContext& client_;
  Liveness& liveness_;
  std::shared_ptr<ReplyOrder> order_;  // nullptr until the first reserve(): most clients publish nothing
};

}  // namespace coroom::detail::centrifuge
