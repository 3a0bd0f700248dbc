#include "centrifuge/reply_order.hpp"

#include "centrifuge/codes.hpp"
#include "centrifuge/encoded_reply.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace coroom::detail::centrifuge {
namespace {

// The most commands of one client that wait for their replies. At this limit the client is read no further.
constexpr std::size_t pending_limit = 1024;

}  // namespace

bool ReplyOrder::is_full() const {
  return pending_.size() >= pending_limit;
}

void ReplyOrder::answer(ReplySlot slot, std::string reply) {
  if (client_ == nullptr || client_->has_ended()) return;
  PendingReplies::fill(slot, std::move(reply));
  if (sending_) return;
  // Publications that a broker stores together are answered in one frame.
  boost::asio::post(client_->executor(), [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->send();
  });
  sending_ = true;
}

void ReplyOrder::answer_publication(std::uint64_t id, ReplySlot slot, const Result<Position>& outcome) {
  if (client_ == nullptr) return;
  client_->call_or_disconnect([&] {
    answer(slot, outcome ? encoded_reply(client_->encoding(), id, PublishResult())
                         : not_published(id, outcome.error()));
  });
}

/// Returns the error reply for a publication that was not stored, and counts it.
std::string ReplyOrder::not_published(std::uint64_t id, const Error& why) {
  if (why.code == Errc::too_fast) {
    client_->faults().note_limit(Counter::messages_refused, why.message);
    return encoded_reply(client_->encoding(), id, error::too_many_requests);
  }
  client_->transport().counters().add(Counter::publications_failed);
  return encoded_reply(client_->encoding(), id, error::internal);
}

void ReplyOrder::send() {
  sending_ = false;
  if (client_ == nullptr || client_->has_ended()) return;
  client_->call_or_disconnect([this] {
    const std::string ready = pending_.take();
    if (ready.empty()) return;
    client_->transport().push(ready);
    sent_.notify();
  });
}

}  // namespace coroom::detail::centrifuge
