#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace coroom::detail::auth {

/// Decides when the server fetches an issuer's key set. Times are those of a steady clock, as
/// Clock::passed().
class JwksSchedule {
 public:
  using SteadyTime = std::chrono::nanoseconds;

  /// The first fetch is due at once.
  explicit JwksSchedule(SteadyTime now) : due_(now) {}

  /// Returns when the next fetch is due.
  [[nodiscard]] SteadyTime due() const { return due_; }

  /// Called when a fetch has loaded a set. `lifetime` is max_age() of the response.
  void on_loaded(SteadyTime now, std::optional<std::chrono::seconds> lifetime);

  /// Called when a fetch has failed. Retries come after 1 s, then after twice the time, up to a minute.
  void on_failed(SteadyTime now);

  /// Called when a token names an unknown key. Makes a fetch due at once, but only one in 30 s: clients
  /// choose the names in their tokens. Returns whether it did.
  bool on_unknown_key(SteadyTime now);

 private:
  SteadyTime due_;
  SteadyTime retry_after_ = std::chrono::seconds(1);
  std::optional<SteadyTime> last_early_;
};

/// Returns the `max-age` of a Cache-Control field (RFC 9111 section 5.2.2.1); 0 for `no-store` and
/// `no-cache`, and nullopt if there is none.
std::optional<std::chrono::seconds> max_age(std::string_view cache_control);

}  // namespace coroom::detail::auth
