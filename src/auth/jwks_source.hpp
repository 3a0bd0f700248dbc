#pragma once

#include "auth/issuer_keys.hpp"
#include "auth/jwks_schedule.hpp"
#include "auth/key_set.hpp"
#include "http/fetch.hpp"

#include <coroom/task.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace coroom::detail::auth {

/// The key set that an issuer publishes at a URL. A thread of its own fetches it again and again, by a
/// JwksSchedule. The last good set stays in use while the issuer is away. Logs when the set is loaded, when
/// it changes, and when the first fetch of several fails.
class JwksSource final : public IssuerKeys {
 public:
  /// Starts the thread, and does not wait for the first set.
  explicit JwksSource(http::FetchTarget target, http::FetchLimits limits = {});

  /// Ends the thread, also in the middle of a fetch.
  ~JwksSource() override;

  JwksSource(const JwksSource&) = delete;
  JwksSource& operator=(const JwksSource&) = delete;

  [[nodiscard]] Keys keys() const override;
  void note_unknown_key() const override;

 private:
  /// The state that the last line of the log has.
  enum class State : std::uint8_t { starting, loaded, failing };

  static JwksSchedule::SteadyTime now();
  task<> refresh_always();
  void take(Result<http::FetchedDocument> fetched);
  void fail(const Error& why);
  void publish(std::vector<TokenKey> set);
  void report(const KeySet& set, bool has_changed);
  void report(const Error& error);

  const http::FetchTarget target_;
  const http::FetchLimits limits_;

  mutable std::mutex mutex_;
  Keys keys_;  // guarded by the mutex

  mutable std::atomic<bool> is_asked_ = false;  // a note of an unknown key waits for the thread
  mutable boost::asio::io_context context_{1};

  // The thread alone uses these.
  mutable boost::asio::steady_timer timer_;
  mutable JwksSchedule schedule_;
  std::string document_;  // the last good one
  State state_ = State::starting;
  std::thread thread_;  // last: it uses all other members
};

}  // namespace coroom::detail::auth
