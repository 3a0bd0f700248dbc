#pragma once

#include "limits/address_quota.hpp"
#include "limits/token_bucket.hpp"

#include <coroom/error.hpp>
#include <coroom/publication.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace coroom::detail::limits {

/// Limits the bytes a second published into one room, so that many publishers together cannot fill the queues
/// of its members at once. Any thread may use it. It is lock-free.
class PublishPace {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::nanoseconds;

  explicit PublishPace(const Rate& rate) : rate_(rate) {}

  /// Takes bytes, and returns how long the publisher must wait. Returns nullopt, and takes nothing, if the
  /// wait would exceed `patience`. While any of the burst is left, a publication may take more than is left.
  [[nodiscard]] std::optional<Duration> take(std::size_t bytes, TimePoint now, Duration patience);

 private:
  const Rate rate_;
  std::atomic<std::int64_t> full_at_{0};  // time at which the bucket is full again, in nanoseconds
};

/// Returns the approximate size of a publication as delivered to a member, in bytes: its data and its client
/// info.
[[nodiscard]] std::size_t delivered_size(std::string_view room, const Publication& publication);

/// Charges a publication to the publishing address and to the room. Returns how long the publisher must wait
/// before it is published, at most `patience`. The error, Errc::too_fast, means that it must be rejected.
[[nodiscard]] Result<PublishPace::Duration> charge(std::string_view room, PublishPace& pace,
                                                   AddressQuota& quota, const Publication& publication,
                                                   PublishPace::TimePoint now,
                                                   PublishPace::Duration patience = std::chrono::seconds(1));

}  // namespace coroom::detail::limits
