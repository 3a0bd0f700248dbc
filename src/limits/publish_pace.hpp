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

/// The bytes a second that are published into one room, so that many publishers together can't fill the
/// queues of its members at once. Any thread may use it; it never locks.
class PublishPace {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::nanoseconds;

  explicit PublishPace(const Rate& rate) : rate_(rate) {}

  /// Takes so many bytes and returns how long their publisher has to wait; nullopt: that would be longer than
  /// `patience`, and nothing was taken. What is taken once something is left may be more than that.
  [[nodiscard]] std::optional<Duration> take(std::size_t bytes, TimePoint now, Duration patience);

 private:
  const Rate rate_;
  std::atomic<std::int64_t> full_at_{0};  // when all that was taken has come in again; nanoseconds
};

/// About what a member reads of a publication, in bytes: its data, and what is told of its author.
[[nodiscard]] std::size_t delivered_size(std::string_view room, const Publication& publication);

/// Charges a publication to the address that publishes and to the room. Returns how long the publisher has to
/// wait first; an error, of the kind too_fast: it is not to be published.
[[nodiscard]] Result<PublishPace::Duration> charge(std::string_view room, PublishPace& pace,
                                                   AddressQuota& quota, const Publication& publication,
                                                   PublishPace::TimePoint now);

}  // namespace coroom::detail::limits
