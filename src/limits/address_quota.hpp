#pragma once

#include "limits/byte_budget.hpp"
#include "limits/rate_meter.hpp"
#include "limits/token_bucket.hpp"

#include <coroom/rate_limit.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>

namespace coroom::detail::limits {

/// The quota that all connections of one address share. Any thread may use it.
class AddressQuota {
 public:
  struct Limits {
    RateLimit rate{.messages = 0, .bytes = 0};  ///< of the messages and bytes that they send
    std::size_t rooms = 0;                      ///< existing rooms that the address has opened; 0: no limit
    std::size_t body_memory = 0;                ///< bytes of memory for its request bodies; 0: no limit
    std::size_t reply_rate = 0;                 ///< bytes of replies a second; 0: no limit
    std::size_t delivery_rate =
        0;                        ///< deliveries a second of its messages to its own connections; 0: no limit
    std::size_t queue_limit = 0;  ///< bytes queued for single connections of the address; 0: no limit
    Rate published{};             ///< publications into rooms, in bytes as delivered to members
    Rate announced{};             ///< announced joins and leaves of its members
  };

  explicit AddressQuota(const Limits& limits)
      : limits_(limits),
        bodies_(limits.body_memory),
        replies_(limits.reply_rate),
        deliveries_(limits.delivery_rate),
        queue_budget_(std::make_shared<ByteBudget>(limits.queue_limit)),
        published_(limits.published),
        announced_(limits.announced) {}

  AddressQuota(const AddressQuota&) = delete;
  AddressQuota& operator=(const AddressQuota&) = delete;
  ~AddressQuota() = default;

  /// Charges a received message. Returns false, and charges nothing, if it must be rejected: repeated
  /// attempts must not block other connections of the address. Messages are also rejected while the address
  /// owes for deliveries.
  [[nodiscard]] bool take(std::size_t messages, std::size_t bytes, TokenBucket::TimePoint now);

  /// Charges a part of a request body in the same way. It is not a message of its own, and debts for
  /// deliveries do not matter.
  [[nodiscard]] bool take_bytes(std::size_t bytes, TokenBucket::TimePoint now);

  /// Returns the memory budget of its request bodies.
  ByteBudget& bodies() { return bodies_; }

  /// The cost of a message or a reply is known only when it is done. It is charged then, and the next one
  /// must wait until the debt is paid off.
  ///@{
  [[nodiscard]] bool may_be_replied_to(TokenBucket::TimePoint now) const;
  void pay_for_reply(std::size_t bytes, TokenBucket::TimePoint now);
  void pay_for_deliveries(std::size_t messages, TokenBucket::TimePoint now);
  ///@}

  /// Returns the budget of the bytes queued for single connections: unsent replies, and commands that other
  /// requests bring for a stream.
  [[nodiscard]] const std::shared_ptr<ByteBudget>& queue_budget() const { return queue_budget_; }

  /// Charges a publication of `bytes` bytes as delivered to members. Returns false, and charges nothing, if
  /// it must be rejected.
  [[nodiscard]] bool publish(std::size_t bytes, TokenBucket::TimePoint now);

  /// Charges an announcement of a join or leave. Returns false, and charges nothing, if it must be delayed.
  [[nodiscard]] bool announce(double cost, TokenBucket::TimePoint now);

  /// Counts a publication that waits for its room, until this object is destroyed. The quota must outlive it.
  class Waiting {
   public:
    explicit Waiting(AddressQuota& quota) : quota_(quota) { ++quota_.waiting_; }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;
    ~Waiting() { --quota_.waiting_; }

   private:
    AddressQuota& quota_;
  };

  /// Returns whether another publication may wait for its room.
  [[nodiscard]] bool may_wait() const { return waiting_ < most_waiting; }

  /// Counts another open room. Returns false, and counts nothing, if the limit is reached. close_room() must
  /// follow for each counted room.
  [[nodiscard]] bool open_room();
  void close_room() { --rooms_; }

  /// Returns whether the quota equals a new one.
  [[nodiscard]] bool is_settled(TokenBucket::TimePoint now) const;

 private:
  /// Amounts that are charged afterwards. Many connections may be charged at the same time, so the debt may
  /// exceed the burst.
  struct Debts {
    explicit Debts(std::size_t per_second) : rate(Rate::with_ten_seconds_at_once(per_second)), bucket(rate) {}
    [[nodiscard]] bool are_paid(TokenBucket::TimePoint now) const;
    [[nodiscard]] bool is_full(TokenBucket::TimePoint now) const;
    void pay(std::size_t amount, TokenBucket::TimePoint now);

    Rate rate;
    TokenBucket bucket;
  };

  const Limits limits_;
  mutable std::mutex mutex_;
  RateMeter meter_;  // guarded by mutex_
  ByteBudget bodies_;
  Debts replies_;     // guarded by mutex_
  Debts deliveries_;  // guarded by mutex_
  const std::shared_ptr<ByteBudget> queue_budget_;
  TokenBucket published_;  // guarded by mutex_
  TokenBucket announced_;  // guarded by mutex_
  std::atomic<std::size_t> rooms_{0};
  std::atomic<std::size_t> waiting_{0};  // publications

  static constexpr std::size_t most_waiting = 4;  // limits the delay of other publishers
};

}  // namespace coroom::detail::limits
