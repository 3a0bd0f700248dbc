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

/// What all connections of one address use together. Any thread may use it.
class AddressQuota {
 public:
  struct Limits {
    RateLimit rate{.messages = 0, .bytes = 0};  ///< of what they send
    std::size_t rooms = 0;                      ///< that they have opened and that are there; 0: any number
    std::size_t body_memory = 0;  ///< bytes that the bodies of its requests hold at a time; 0: any number
    std::size_t reply_rate = 0;   ///< bytes of replies a second; 0: any number
    std::size_t delivery_rate =
        0;                        ///< deliveries a second of its messages to its own connections; 0: the same
    std::size_t queue_limit = 0;  ///< bytes that wait for its connections alone; 0: the same
    Rate published{};             ///< bytes into rooms, as their members read them
    Rate announced{};             ///< joins and leaves that rooms announce of them
  };

  explicit AddressQuota(const Limits& limits)
      : limits_(limits),
        meter_(limits.rate),
        bodies_(limits.body_memory),
        replies_(limits.reply_rate),
        deliveries_(limits.delivery_rate),
        queue_budget_(std::make_shared<ByteBudget>(limits.queue_limit)),
        published_(limits.published),
        announced_(limits.announced) {}

  AddressQuota(const AddressQuota&) = delete;
  AddressQuota& operator=(const AddressQuota&) = delete;
  ~AddressQuota() = default;

  /// So much has come; false: it is not to be heard. That is not counted, or who tries again and again would
  /// keep all others of the address out. It is not to be heard either while deliveries are to be paid for.
  [[nodiscard]] bool take(std::size_t messages, std::size_t bytes, TokenBucket::TimePoint now);

  /// The same for a part of a request's body, which is no message of its own.
  [[nodiscard]] bool take_bytes(std::size_t bytes, TokenBucket::TimePoint now);

  /// Memory of the bodies of its requests.
  ByteBudget& bodies() { return bodies_; }

  /// What a message or a reply costs is known when it is done: it is paid for then, and what comes next waits
  /// until that is made up for.
  ///@{
  [[nodiscard]] bool may_be_replied_to(TokenBucket::TimePoint now) const;
  void pay_for_reply(std::size_t bytes, TokenBucket::TimePoint now);
  void pay_for_deliveries(std::size_t messages, TokenBucket::TimePoint now);
  ///@}

  /// Of what waits for one of its connections alone: replies to be sent, and commands that came another way.
  [[nodiscard]] const std::shared_ptr<ByteBudget>& queue_budget() const { return queue_budget_; }

  /// Charges a publication of so many bytes to members; false: it is not to be published, and is not charged.
  [[nodiscard]] bool publish(std::size_t bytes, TokenBucket::TimePoint now);

  /// Charges an announcement of a join or leave; false: not now, and it is not charged.
  [[nodiscard]] bool announce(double cost, TokenBucket::TimePoint now);

  /// Counts a publication that waits for its room, until this is destroyed. The quota outlives it.
  class Waiting {
   public:
    explicit Waiting(AddressQuota& quota) : quota_(quota) { ++quota_.waiting_; }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;
    ~Waiting() { --quota_.waiting_; }

   private:
    AddressQuota& quota_;
  };

  /// Whether one more publication may wait for its room.
  [[nodiscard]] bool may_wait() const { return waiting_ < most_waiting; }

  /// One room more, if there may be; close_room() gives it back.
  [[nodiscard]] bool open_room();
  void close_room() { --rooms_; }

  /// Whether it is as good as new.
  [[nodiscard]] bool is_settled(TokenBucket::TimePoint now) const;

 private:
  /// What is paid for afterwards. Many connections may owe for something at a time, so the debt may be larger
  /// than what may be had at once.
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
  Debts deliveries_;  // the same
  const std::shared_ptr<ByteBudget> queue_budget_;
  TokenBucket published_;  // guarded by mutex_
  TokenBucket announced_;  // the same
  std::atomic<std::size_t> rooms_{0};
  std::atomic<std::size_t> waiting_{0};  // publications

  static constexpr std::size_t most_waiting = 4;  // so that publishers of other addresses wait for few
};

}  // namespace coroom::detail::limits
